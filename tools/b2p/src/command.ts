import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { Problem } from '@boot2podman/kit'

/** A verb of `./b2p`. */
export interface Command {
  /** The verb and its words: `iso [NAME]`. */
  usage: string
  /** What it does, in a line. */
  does: string
  /** What a reader of its own help should know beside that. */
  more?: string
  /** Lines to paste. */
  examples: string[]
  /** Its words are another program's, `--help` too. */
  raw?: true
  run(words: string[]): Promise<void>
}

/** The verb of `iso [NAME]` is `iso`. */
export function verbOf({ usage }: Command): string {
  return usage.split(' ', 1).join()
}

/** The words of a verb that has no options; one that is given is a mistake. */
export function onlyWords(command: Command, words: readonly string[], most = Number.POSITIVE_INFINITY): void {
  const option = words.find((word) => word.startsWith('-'))
  if (option !== undefined) throw mistake(command, `there is no option "${option}"`)
  if (words.length > most) throw mistake(command, `"${words.slice(most).join(' ')}" is too much`)
}

/** The one name that a verb takes. */
export function oneName(command: Command, words: readonly string[], otherwise?: string): string {
  onlyWords(command, words, 1)
  const [name = otherwise] = words
  if (name === undefined) throw mistake(command, 'a name is missing')
  return name
}

/** The words of a verb that has options, and what those are set to. */
export function withOptions<const Options extends ParseArgsOptionsConfig>(
  command: Command,
  words: readonly string[],
  options: Options,
  most = Number.POSITIVE_INFINITY,
) {
  const { positionals, values, tokens } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = options[token.name]
    if (!option) throw mistake(command, `there is no option "${token.rawName}"`)
    if (option.type === 'string' && !token.value) throw mistake(command, `${token.rawName} wants a value`)
    if (option.type === 'boolean' && token.value) throw mistake(command, `${token.rawName} takes no value`)
  }
  if (positionals.length > most) throw mistake(command, `"${positionals.slice(most).join(' ')}" is too much`)
  return { words: positionals, options: values as Values<Options> }
}

type Values<Options extends ParseArgsOptionsConfig> = {
  [Name in keyof Options]?: Options[Name]['type'] extends 'string' ? string : boolean
}

export function mistake(command: Command, what: string): Problem {
  return new Problem({ where: `b2p ${verbOf(command)}`, what, fix: `Usage: ./b2p ${command.usage}` })
}
