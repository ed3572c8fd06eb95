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

/** The words of a verb. No verb has options; one that is given is a mistake. */
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

export function mistake(command: Command, what: string): Problem {
  return new Problem({ where: `b2p ${verbOf(command)}`, what, fix: `Usage: ./b2p ${command.usage}` })
}
