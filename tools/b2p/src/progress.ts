import { formatSeconds } from './format.ts'

// The builder's words for a result of the same hash that the cache outside the tree had: of another clone, say.
const KEPT = 'from the cache'

/** How one step of one project ended. */
export interface TaskEnd {
  project: string
  target: string
  status: 'made' | 'cache' | 'failed' | 'stopped' | 'skipped'
  /** That it ran; 0 when it did not. */
  seconds: number
}

/** Tells a person which package, which step and how far, and remembers how each ended. */
export class Progress {
  readonly ends: TaskEnd[] = []
  readonly #print: (line: string) => void
  readonly #numbers = new Map<string, number>()
  readonly #begun = new Map<string, number>()
  readonly #kept = new Set<string>()
  readonly #unfinished = new Map<string, string>()
  #total = 0

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  /** The number of steps that there will be; and what is said before the first begins. */
  expect(total: number, plan?: string): void {
    this.#total = total
    if (plan !== undefined) this.#print(plan)
  }

  begin(id: string): void {
    this.#begun.set(id, Date.now())
    this.#print(`${this.#place(id)} ${id.replace(':', ' ')}`)
  }

  /** Takes what a step writes, in the pieces that it comes in, and prints its whole lines. */
  output(id: string, text: string): void {
    const [last = '', ...lines] = `${this.#unfinished.get(id) ?? ''}${text}`.split('\n').reverse()
    this.#unfinished.set(id, last)
    for (const line of lines.reverse()) this.#line(id, line)
  }

  end(id: string, how: TaskEnd['status']): void {
    this.#line(id, this.#unfinished.get(id) ?? '')
    const [project = '', target = ''] = id.split(':')
    const begun = this.#begun.get(id)
    const seconds = begun === undefined ? 0 : (Date.now() - begun) / 1000
    const status = how === 'made' && this.#kept.has(id) ? 'cache' : how
    this.ends.push({ project, target, status, seconds })
    const place = this.#place(id)
    if (status === 'made') this.#print(`${place} ${project} ${target}: ${formatSeconds(seconds)}`)
    if (status === 'failed') this.#print(`${place} ${project} ${target}: FAILED`)
    if (status === 'stopped') this.#print(`${place} ${project} ${target}: stopped`)
  }

  #line(id: string, line: string): void {
    // A line that a program wrote over and over again: as it was at last.
    const text = line.trimEnd().split('\r').at(-1) ?? ''
    if (text === '') return
    const name = `${id.split(':')[0]}: `
    if (text.startsWith(`${name}${KEPT}`)) this.#kept.add(id)
    this.#print(text.startsWith(name) ? text : name + text)
  }

  #place(id: string): string {
    const number = this.#numbers.get(id) ?? this.#numbers.size + 1
    this.#numbers.set(id, number)
    return `[${String(number).padStart(String(this.#total).length)}/${this.#total}]`
  }
}
