import { UsageProblem } from './usage-problem.ts'

/** A flag of a verb. */
export interface Option {
  /** Without the dashes: `qemu-memory`. */
  name: string
  /** One letter: `d` for `-d`. */
  short?: string
  /** Other names for the same: `memory`. */
  aliases?: readonly string[]
  /** What its value is, in a word for the help: `MB`. A flag that takes none lacks it. */
  value?: string
  /** May be given several times; each counts. */
  list?: true
  /** The variable of the environment that it is taken from when it is not given. */
  env?: string
  default?: string
  /** Not shown in the help: what it was once for is gone, or it is another driver's. */
  hidden?: true
  /** What it does, for the help. */
  does: string
}

/** What was given for options, from the command line, the environment, or their defaults. */
export class OptionValues {
  readonly #values: ReadonlyMap<string, readonly string[]>
  readonly #options: ReadonlyMap<string, Option>

  /** `values`: by the option's name. A flag without a value that is on has `true`. */
  constructor(options: readonly Option[], values: ReadonlyMap<string, readonly string[]>) {
    this.#options = new Map(options.map((option) => [option.name, option]))
    this.#values = values
  }

  /** The last value that was given, else the default, else an empty text. */
  text(name: string): string {
    return this.list(name).at(-1) ?? ''
  }

  flag(name: string): boolean {
    return this.text(name) === 'true'
  }

  list(name: string): readonly string[] {
    const given = this.#values.get(name)
    if (given) return given
    const standard = this.#options.get(name)?.default
    return standard === undefined ? [] : [standard]
  }

  /** Whether it was given: on the command line or by the environment. */
  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** A whole number, at least `least`. */
  whole(name: string, least: number): number {
    const text = this.text(name)
    const number = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number
    throw new UsageProblem({
      where: `--${name}`,
      what: `"${text}" is not a whole number from ${least}`,
      fix: `such as --${name} ${this.#options.get(name)?.default ?? least}`,
    })
  }
}
