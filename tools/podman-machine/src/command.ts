import type { Store } from './files.ts'
import type { Option, OptionValues } from './option.ts'

/** A verb of podman-machine. */
export interface Command {
  /** The verb and its words: `ls [options]`. */
  usage: string
  /** What it does, in a line. */
  does: string
  /** What a reader of its own help should know beside that. */
  more?: string
  options?: readonly Option[]
  /** Lines to paste. */
  examples: readonly string[]
  /** The least and the most words that it takes; any number when left out. */
  words?: readonly [least: number, most: number]
  /** Its words are another program's: nothing in them is a flag of ours. */
  raw?: true
  run(call: Call): Promise<void>
}

/** What a verb was called with. */
export interface Call {
  store: Store
  words: readonly string[]
  values: OptionValues
  debug: boolean
  /** The whole line as it was typed, beginning with podman-machine. */
  line: string
}
