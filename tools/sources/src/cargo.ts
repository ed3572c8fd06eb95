import { existsSync, globSync } from 'node:fs'
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Problem, run } from '@boot2podman/kit'
import { type Crate, parseCargoLock } from './cargo-lock.ts'
import type { Job, Kind, SourceOf } from './kind.ts'
import type { LockedFile } from './lock.ts'
import { isStored, store, stored } from './store.ts'
import { unpackTar } from './tar.ts'
import { temporaryFolder } from './temporary.ts'
import { toolchain } from './toolchain.ts'

type Cargo = SourceOf<'cargo'>

/**
 * A crate with what its own Cargo.lock names, as `vendor/`. tcz.lock holds the crate's checksum; its Cargo.lock holds those
 * of the others.
 */
export const cargo: Kind<Cargo> = {
  async fetch(job, locked) {
    for (const file of locked) {
      if (!isStored(file.sha256)) await fetchCrate(job, file)
      await fetchOthers(job, file)
    }
  },

  async unpack({ pkg }, locked, folder) {
    for (const file of locked) {
      await unpackTar(await stored(file), folder)
      for (const crate of await othersOf(folder, pkg.folder)) await vendor(crate, folder)
    }
    await mkdir(join(folder, '.cargo'), { recursive: true })
    await writeFile(join(folder, '.cargo', 'config.toml'), OFFLINE)
  },

  async pin(job) {
    const { version } = job.pkg
    const name = `${job.source.cargo}-${version}.crate`
    const file = { name, version, sha256: await fetchCrate(job) }
    await fetchOthers(job, file)
    return { files: [file] }
  },
}

const OFFLINE = `[source.crates-io]
replace-with = "vendored"

[source.vendored]
directory = "vendor"

[net]
offline = true
`

async function fetchCrate(job: Job<Cargo>, locked?: LockedFile): Promise<string> {
  const { pkg, source, say } = job
  await using part = await temporaryFolder()
  const id = `${source.cargo}@${pkg.version}`
  say(`fetch ${id}`)
  // The one command that downloads a crate and not also the newest of all that it needs.
  await runCargo(job, ['info', id], part.path)
  return await keep({ name: source.cargo, version: pkg.version }, part.path, pkg.folder, locked)
}

/** Has what the crate's Cargo.lock names in the store. */
async function fetchOthers(job: Job<Cargo>, file: LockedFile): Promise<void> {
  const { pkg, say } = job
  await using part = await temporaryFolder()
  await unpackTar(await stored(file), part.path)
  const missing = (await othersOf(part.path, pkg.folder)).filter(({ sha256 }) => !isStored(sha256))
  if (missing.length === 0) return
  say(`fetch ${missing.length} crates that ${file.name} needs`)
  await runCargo(job, ['fetch', '--locked'], part.path)
  for (const crate of missing) {
    await keep(crate, part.path, pkg.folder, { ...crate, name: fileOf(crate) })
  }
}

/** Moves a copy of what cargo downloaded into the store: cargo's own cache stays whole. */
async function keep(
  crate: { name: string; version: string },
  part: string,
  folder: string,
  locked?: LockedFile,
): Promise<string> {
  const [found] = globSync(`registry/cache/*/${fileOf(crate)}`, { cwd: cargoHome() })
  if (!found) throw new Problem({ where: folder, what: `cargo did not bring ${fileOf(crate)}` })
  const copy = join(part, fileOf(crate))
  await copyFile(join(cargoHome(), found), copy)
  return store(copy, folder, locked)
}

async function othersOf(crate: string, folder: string): Promise<Crate[]> {
  const file = join(crate, 'Cargo.lock')
  if (existsSync(file)) return parseCargoLock(await readFile(file, 'utf8'), folder)
  throw new Problem({ where: folder, what: 'this crate holds no Cargo.lock: what it needs is not pinned' })
}

/** Lays a crate out as cargo expects it in a folder that stands for the registry. */
async function vendor(crate: Crate, folder: string): Promise<void> {
  const place = join(folder, 'vendor', `${crate.name}-${crate.version}`)
  await unpackTar(await stored({ ...crate, name: fileOf(crate) }), place)
  await writeFile(join(place, '.cargo-checksum.json'), JSON.stringify({ files: {}, package: crate.sha256 }))
}

/** The pinned cargo, with its own libraries and loader; the user's own configuration of cargo holds. */
async function runCargo(job: Job<Cargo>, args: string[], cwd: string): Promise<void> {
  const folders = await toolchain('rust', job)
  const file = (path: string) =>
    folders.map((folder) => join(folder, path)).find((one) => existsSync(one)) ?? path
  const libraries = folders.map((folder) => join(folder, 'usr/lib/x86_64-linux-gnu')).join(':')
  const loader = [file('usr/lib64/ld-linux-x86-64.so.2'), '--library-path', libraries]
  // cargo asks rustc for the machine's name, so that has to be a program.
  const rustc = join(cwd, '.rustc')
  const words = [...loader, file('usr/bin/rustc')].map((word) => `'${word}'`)
  await writeFile(rustc, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`)
  await chmod(rustc, 0o755)
  const [command = '', ...options] = [...loader, file('usr/bin/cargo')]
  await run(command, [...options, ...args], {
    cwd,
    env: { RUSTC: rustc, CARGO_HOME: cargoHome() },
    ...(job.signal && { signal: job.signal }),
    onLine: (line) => {
      const what = /^\s*Downloaded (\S+ v\S+)/.exec(line)?.[1]
      if (what) job.say(`fetch ${what}`)
    },
  })
}

function cargoHome(): string {
  return process.env.CARGO_HOME ?? join(homedir(), '.cargo')
}

function fileOf({ name, version }: { name: string; version: string }): string {
  return `${name}-${version}.crate`
}
