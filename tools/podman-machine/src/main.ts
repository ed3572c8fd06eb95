import type { Command } from './command.ts'
import { leadingOptions, parseWords } from './command-line.ts'
import { formerOptions, globalOptions } from './global-options.ts'
import type { Option } from './option.ts'
import { UsageProblem } from './usage-problem.ts'
import { verbs } from './verbs.ts'
import { versionLine } from './version.ts'

const PROGRAM = 'podman-machine'
const everywhere = [...globalOptions, ...formerOptions]
const helpOption: Option = { name: 'help', short: 'h', does: 'show this' }
const versionOption: Option = { name: 'version', short: 'v', does: 'show the version' }

/** Runs one line: what was typed after `podman-machine`. */
export async function main(typed: readonly string[]): Promise<void> {
  const leading = [...everywhere, helpOption, versionOption]
  const until = leadingOptions(typed, leading, PROGRAM)
  const before = typed.slice(0, until)
  const { values } = parseWords(before, leading, PROGRAM)
  const [verb, ...rest] = typed.slice(until)
  if (values.flag('version')) {
    console.log(versionLine())
    return
  }
  if (verb === undefined || verb === 'help' || values.flag('help')) {
    await showHelp(verb === 'help' ? rest[0] : verb)
    return
  }
  const command = await find(verb, rest)
  const where = `${PROGRAM} ${verb}`
  if (rest[0] === '--help' || rest[0] === '-h' || (!command.raw && asksForHelp(rest))) {
    await showHelp(verb, rest)
    return
  }
  const line = [PROGRAM, ...typed].join(' ')
  const options = [...(command.options ?? []), ...everywhere]
  // Flags before the verb and behind it are one list.
  const parsed = command.raw ? { words: rest, values } : parseWords([...before, ...rest], options, where)
  checkWords(command, parsed.words, where)
  const debug = parsed.values.flag('debug')
  if (debug) (await import('./processes.ts')).showPrograms()
  const { storeFiles } = await import('./files.ts')
  const store = storeFiles(parsed.values.text('storage-path'))
  await command.run({ store, words: parsed.words, values: parsed.values, debug, line })
}

/** A verb by its name. */
async function find(verb: string, words: readonly string[]): Promise<Command> {
  const load = verbs.get(verb === 'delete' ? 'rm' : verb)
  if (load) return await load(words)
  throw new UsageProblem({
    where: PROGRAM,
    what: `'${verb}' is not a ${PROGRAM} command. See '${PROGRAM} --help'.`,
  })
}

/** `--` ends what are flags. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  const flags = end < 0 ? words : words.slice(0, end)
  return flags.includes('--help') || flags.includes('-h')
}

async function showHelp(verb: string | undefined, words: readonly string[] = []): Promise<void> {
  const { help, overview } = await import('./help.ts')
  if (verb === undefined) {
    console.log(overview(await Promise.all([...verbs.values()].map((load) => load([])))))
    return
  }
  console.log(help(await find(verb, words)))
}

function checkWords({ words: limits, usage }: Command, words: readonly string[], where: string): void {
  if (!limits) return
  const [least, most] = limits
  const fix = `Usage: ${PROGRAM} ${usage}`
  if (words.length > most) {
    throw new UsageProblem({ where, what: `"${words.slice(most).join(' ')}" is too much`, fix })
  }
  if (words.length < least) throw new UsageProblem({ where, what: 'a word is missing', fix })
}
