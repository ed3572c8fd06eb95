import { Problem } from '@boot2podman/kit'
import type { NewPackage } from '@boot2podman/nx-tcz/generator'
import { type Command, mistake } from './command.ts'

/** The kinds of source in words, and what is asked about each. */
export const KINDS: { kind: NewPackage['kind']; does: string; which?: string; like?: string }[] = [
  { kind: 'local', does: 'a program of your own, in its folder' },
  {
    kind: 'url',
    does: 'a tarball at an address',
    which: 'Which address?',
    like: 'https://example.org/x-1.0.tar.gz',
  },
  { kind: 'debsrc', does: 'the source of a Debian package', which: 'Which source package?', like: 'figlet' },
  { kind: 'deb', does: 'files of a Debian package', which: 'Which package?', like: 'hello' },
  {
    kind: 'go',
    does: 'a program in Go',
    which: 'Which path?',
    like: 'github.com/rhysd/actionlint/cmd/actionlint',
  },
  { kind: 'cargo', does: 'a crate of crates.io', which: 'Which crate?', like: 'hexyl' },
]

type Options = { [Key in keyof NewPackage]?: string }

/** What is to be made: as the options say, the rest as a person answers. Without a terminal what is missing is a mistake. */
export async function ask(command: Command, name: string, options: Options): Promise<NewPackage> {
  const kind = await kindOf(command, options.kind)
  const { which, like = '' } = KINDS.find((one) => one.kind === kind) ?? {}
  const wanted: NewPackage = { ...definite(options), name, kind }
  if (which === undefined && options.from !== undefined)
    throw mistake(command, '--from is not for the kind local')
  if (which !== undefined) {
    wanted.from ??= await answer(command, '--from', which, like)
    wanted.licence ??= await answer(command, '--licence', 'Its licence, as SPDX writes it?', 'MIT')
  }
  if (kind === 'url') {
    wanted.version ??=
      versionIn(wanted.from ?? '') ?? (await answer(command, '--version', 'Which version is it?', '1.0'))
  }
  if (wanted.summary === undefined && process.stdin.isTTY) {
    wanted.summary = await answer(command, '--summary', 'What is it, in a line?', `The program ${name}`)
  }
  return wanted
}

/** `1.4` of https://example.org/x-1.4.tar.gz. */
export function versionIn(url: string): string | undefined {
  return /[-_/]v?(\d[\w.~+]*?)(?:\.orig)?\.(?:tar\.\w+|tgz|tbz2?|txz|zip)$/.exec(url)?.[1]
}

async function kindOf(command: Command, given: string | undefined): Promise<NewPackage['kind']> {
  const known = KINDS.find(({ kind }) => kind === given)
  if (known) return known.kind
  const names = KINDS.map(({ kind }) => kind).join(', ')
  if (given !== undefined) throw mistake(command, `"${given}" is no kind of source: ${names}`)
  if (!process.stdin.isTTY) throw mistake(command, `--kind is missing: one of ${names}`)
  const { select } = await import('@clack/prompts')
  return orStop(
    await select({
      message: 'Where does its source come from?',
      options: KINDS.map(({ kind, does }) => ({ value: kind, label: kind, hint: does })),
    }),
  )
}

async function answer(command: Command, option: string, message: string, like: string): Promise<string> {
  if (!process.stdin.isTTY) throw mistake(command, `${option} is missing, such as ${option} ${like}`)
  const { text } = await import('@clack/prompts')
  return orStop(
    await text({
      message,
      placeholder: like,
      validate: (value) => (value?.trim() ? undefined : `such as ${like}`),
    }),
  )
}

/** Ctrl-C is a symbol in place of an answer. */
function orStop<T>(value: T | symbol): T {
  if (typeof value !== 'symbol') return value
  throw new Problem({ where: 'b2p new', what: 'stopped; nothing was written' })
}

function definite(options: Options): Partial<NewPackage> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
