import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem, run } from '@boot2podman/kit'
import type { NewPackage } from '@boot2podman/nx-tcz/generator'
import { readRepository } from '@boot2podman/tcz'
import { buildSystem } from '../build-system.ts'
import { type Command, mistake, withOptions } from '../command.ts'
import { generate } from '../generate.ts'
import { moduleOf } from '../go-module.ts'
import { ask, KINDS } from '../questions.ts'

const TEXT = { type: 'string' } as const
const OPTIONS = { kind: TEXT, from: TEXT, version: TEXT, licence: TEXT, summary: TEXT, program: TEXT }

export const newPackage: Command = {
  usage: 'new NAME [OPTIONS]',
  does: 'Make a package: writes packages/NAME, a recipe that builds as it is',
  more: `What is not said by options is asked, when there is a terminal.

  --kind KIND      where its source comes from:
${KINDS.map(({ kind, does }) => `                   ${kind.padEnd(7)} ${does}`).join('\n')}
  --from SOURCE    which one; not for local
  --version V      for url, where the address does not tell it; for cargo and go another than the newest
  --licence L      an SPDX expression; for local Apache-2.0 when left out
  --summary TEXT   a line for the .info file
  --program NAME   what it installs, when that is not called NAME

As an Nx generator: npx nx g @boot2podman/nx-tcz:package NAME`,
  examples: [
    './b2p new hello --kind local',
    './b2p new figlet --kind debsrc --from figlet --licence BSD-3-Clause',
    './b2p new actionlint --kind go --from github.com/rhysd/actionlint/cmd/actionlint --licence MIT',
  ],
  async run(words) {
    const { words: names, options } = withOptions(newPackage, words, OPTIONS, 1)
    const [name] = names
    if (name === undefined) throw mistake(newPackage, 'a name is missing')
    checkName(name)
    const wanted = await ask(newPackage, name, options)
    const folder = join('packages', name)
    try {
      await make(wanted)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    console.log(await story(name))
  },
}

function checkName(name: string): void {
  if (!/^[a-z0-9][a-z0-9.+-]*$/.test(name) || name.endsWith('.tcz')) {
    throw new Problem({
      where: 'b2p new',
      what: `"${name}" can be no package's name`,
      fix: 'lower-case letters, digits, and . + - behind the first; without .tcz',
    })
  }
  const folder = [readRepository('.').get(name)?.folder, join('packages', name), `iso/${name}.json`].find(
    (place) => place !== undefined && existsSync(place),
  )
  if (folder === undefined) return
  throw new Problem({ where: folder, what: 'is there already', fix: 'choose another name' })
}

/** Writes the folder. What only the source itself tells is looked up there, and then written once more. */
async function make(wanted: NewPackage): Promise<void> {
  const { name, kind } = wanted
  let found: NewPackage = { ...wanted }
  await generate(found)
  if (kind === 'go') {
    found = { ...found, module: await addModule(wanted) }
    await generate(found)
  }
  if (kind === 'cargo' && wanted.version === undefined) {
    found = { ...found, version: await newestOf(name) }
    await generate(found)
  }
  if (kind === 'local') return
  await sources('pin', name)
  if (kind !== 'url' && kind !== 'debsrc') return
  // Pinning has put the version into tcz.json: only how it is built is written again.
  const system = await systemOf(name)
  await generate({ ...found, system, version: await versionOf(name) })
}

const SOURCES = 'tools/sources/src/cli.ts'

/** It tells itself what it does and what goes wrong. */
async function sources(verb: string, name: string, ...words: string[]): Promise<void> {
  try {
    await run(process.execPath, [SOURCES, verb, name, ...words], { inherit: true })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem({ where: 'b2p new', what: `${name} was not made: what went wrong is above` })
  }
}

async function newestOf(name: string): Promise<string> {
  return (await run(process.execPath, [SOURCES, 'newest', name])).trim()
}

async function addModule({ name, from = '', version }: NewPackage): Promise<string> {
  const folder = join('packages', name)
  await sources('go', name, 'mod', 'init', `boot2podman.local/${name}`)
  await sources('go', name, 'get', '-tool', `${from}@${version === undefined ? 'latest' : `v${version}`}`)
  const module = moduleOf(from, await readFile(join(folder, 'go.mod'), 'utf8'))
  if (module !== undefined) return module
  throw new Problem({ where: join(folder, 'go.mod'), what: `no module in it holds ${from}` })
}

async function systemOf(name: string): Promise<NonNullable<NewPackage['system']>> {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-new-'))
  try {
    await sources('unpack', name, folder)
    return buildSystem(await readdir(folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function versionOf(name: string): Promise<string> {
  return JSON.parse(await readFile(join('packages', name, 'tcz.json'), 'utf8')).version
}

async function story(name: string): Promise<string> {
  const folder = join('packages', name)
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => `  ${join(entry.parentPath, entry.name)}`)
  return [
    `Made:`,
    ...files.sort(),
    'Next:',
    `  ./b2p tcz ${name}    builds it and proves it`,
    `  ./b2p try ${name}    boots a machine that has it`,
  ].join('\n')
}
