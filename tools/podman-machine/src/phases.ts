import type { Progress } from './drivers/driver.ts'

/** Tells what is done with a machine, a line for each thing, and at the end how long each took. */
export class Phases implements Progress {
  readonly #machine: string
  readonly #print: (line: string) => void
  readonly #phases: { name: string; begin: number }[] = []

  constructor(machine: string, print: (line: string) => void = (line) => console.log(line)) {
    this.#machine = machine
    this.#print = print
  }

  phase(name: string): void {
    this.#phases.push({ name, begin: performance.now() })
    this.say(`${name} ...`)
  }

  say(line: string): void {
    this.#print(`(${this.#machine}) ${line}`)
  }

  /** A line for each phase: seconds, and its share. */
  summary(end = performance.now()): string[] {
    const first = this.#phases[0]
    if (!first) return []
    const total = end - first.begin
    const width = Math.max(...this.#phases.map(({ name }) => name.length))
    const line = (name: string, time: number) => {
      const seconds = (time / 1000).toFixed(1).padStart(6)
      const share = String(Math.round((100 * time) / (total || 1))).padStart(4)
      return `  ${name.padEnd(width)}${seconds} s${share} %`
    }
    return [
      ...this.#phases.map(({ name, begin }, index) =>
        line(name, (this.#phases[index + 1]?.begin ?? end) - begin),
      ),
      line('all', total),
    ]
  }
}
