import { type Option, OptionValues } from './option.ts'
import { UsageProblem } from './usage-problem.ts'

/** A line in its parts: flags wherever they stand, and the words between them. */
export interface CommandLine {
  words: string[]
  values: OptionValues
}

/**
 * Reads the words of a verb: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-qf`; what comes after `--` is no flag.
 * One that is not given is taken from the environment. `where` is the program and its verb, for complaints.
 */
export function parseWords(
  typed: readonly string[],
  options: readonly Option[],
  where: string,
  environment: NodeJS.ProcessEnv = process.env,
): CommandLine {
  const reader = new Reader(typed, options, where)
  reader.read()
  for (const option of options) {
    const fallback = option.env === undefined ? undefined : environment[option.env]
    if (fallback !== undefined && fallback !== '' && !reader.values.has(option.name)) {
      reader.values.set(option.name, fromEnvironment(option, fallback, where))
    }
  }
  return { words: reader.words, values: new OptionValues(options, reader.values) }
}

/** How far options stand at the beginning of a line, before its first word. */
export function leadingOptions(typed: readonly string[], options: readonly Option[], where: string): number {
  const reader = new Reader(typed, options, where)
  return reader.read('until a word')
}

class Reader {
  readonly words: string[] = []
  readonly values = new Map<string, string[]>()
  readonly #typed: readonly string[]
  readonly #options: readonly Option[]
  readonly #where: string
  #at = 0

  constructor(typed: readonly string[], options: readonly Option[], where: string) {
    this.#typed = typed
    this.#options = options
    this.#where = where
  }

  read(until: 'until a word' | 'all' = 'all'): number {
    while (this.#at < this.#typed.length) {
      const word = this.#typed[this.#at] ?? ''
      if (word === '--') {
        this.words.push(...this.#typed.slice(this.#at + 1))
        this.#at = this.#typed.length
      } else if (word.startsWith('--')) {
        this.#at++
        this.#long(word)
      } else if (word.startsWith('-') && word !== '-') {
        this.#at++
        this.#short(word)
      } else {
        if (until === 'until a word') break
        this.#at++
        this.words.push(word)
      }
    }
    return this.#at
  }

  #long(word: string): void {
    const equals = word.indexOf('=')
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals)
    const option = this.#options.find((one) => one.name === name || one.aliases?.includes(name))
    if (!option) throw this.#unknown(`--${name}`)
    const attached = equals < 0 ? undefined : word.slice(equals + 1)
    if (option.value === undefined) this.#add(option, switched(option, attached, this.#where))
    else this.#add(option, attached ?? this.#next(`--${name}`, option))
  }

  #short(word: string): void {
    for (let index = 1; index < word.length; index++) {
      const letter = word[index] ?? ''
      const option = this.#options.find(({ short }) => short === letter)
      if (!option) throw this.#unknown(`-${letter}`)
      if (option.value === undefined) {
        this.#add(option, 'true')
        continue
      }
      const rest = word.slice(index + 1).replace(/^=/, '')
      this.#add(option, rest === '' ? this.#next(`-${letter}`, option) : rest)
      return
    }
  }

  #next(flag: string, option: Option): string {
    const value = this.#typed[this.#at]
    if (value === undefined) {
      throw new UsageProblem({
        where: this.#where,
        what: `${flag} needs a value`,
        fix: `${flag} ${option.value}: ${option.does}`,
      })
    }
    this.#at++
    return value
  }

  #add({ name, list }: Option, value: string): void {
    const before = list ? (this.values.get(name) ?? []) : []
    this.values.set(name, [...before, value])
  }

  #unknown(flag: string): UsageProblem {
    return new UsageProblem({
      where: this.#where,
      what: `there is no flag ${flag}`,
      fix: `${this.#where} --help lists them`,
    })
  }
}

function switched({ name }: Option, attached: string | undefined, where: string): string {
  if (attached === undefined || attached === 'true') return 'true'
  if (attached === 'false') return 'false'
  throw new UsageProblem({ where, what: `--${name} is true or false, not "${attached}"` })
}

function fromEnvironment(option: Option, text: string, where: string): string[] {
  if (option.value === undefined) {
    if (['1', 'true', 'yes', 'on'].includes(text.toLowerCase())) return ['true']
    if (['0', 'false', 'no', 'off'].includes(text.toLowerCase())) return ['false']
    throw new UsageProblem({ where, what: `${option.env} is true or false, not "${text}"` })
  }
  return option.list ? text.split(',').map((one) => one.trim()) : [text]
}
