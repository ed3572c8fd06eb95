import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { Suite } from '@boot2podman/tcz'
import { type Apt, openApt } from './apt.ts'
import { download, find, noLongerHeld } from './debian.ts'
import type { Job, Kind, SourceOf } from './kind.ts'
import type { LockedFile } from './lock.ts'
import { mergeUsr } from './merge-usr.ts'
import { keepOnly } from './select.ts'
import { sha256 } from './sha256.ts'
import { isStored, store, stored } from './store.ts'
import { temporaryFolder } from './temporary.ts'

type Deb = SourceOf<'deb'>

/** Files out of Debian's binary packages. Their maintainer scripts do not run: links those make are the recipe's to make. */
export const deb: Kind<Deb> = {
  async fetch(job, locked) {
    const missing = locked.filter(({ sha256 }) => !isStored(sha256))
    if (missing.length === 0) return
    const apt = await openSuite(job)
    const gone = async () => (await absent(apt, missing))[0]
    const held = await find(apt, async () => ((await gone()) === undefined ? true : undefined))
    if (!held) await tellGone(job, apt, (await gone()) as LockedFile)
    await get(job, apt, missing)
  },

  async unpack({ pkg, source }, locked, folder) {
    await mkdir(folder, { recursive: true })
    for (const file of locked) await run('dpkg-deb', ['--extract', await stored(file), folder])
    await mergeUsr(folder)
    await keepOnly(folder, source.files, join(pkg.folder, 'tcz.json'))
  },

  async pin(job) {
    const apt = await openSuite(job)
    await apt.refresh()
    const { deb: names, dependencies } = job.source
    const held = await versions(apt, names)
    const unknown = names.find((name) => !held.has(name))
    if (unknown !== undefined) throw noLongerHeld(job.pkg, unknown, [])
    const files = await resolve(apt, dependencies ? await closureOf(apt, names) : names)
    const first = files.find((file) => file.package === names[0])
    await get(
      job,
      apt,
      files.filter(({ sha256 }) => !isStored(sha256)),
    )
    return { files, ...(first && { version: first.version }) }
  },
}

const openSuite = ({ source, say, signal }: Job<Deb>) => openApt(source.suite ?? 'trixie', say, signal)

/** Downloads files into the store. */
async function get({ pkg, say }: Job<Deb>, apt: Apt, files: readonly LockedFile[]): Promise<void> {
  if (files.length === 0) return
  await using part = await temporaryFolder()
  const wanted = files.map((file) => `${file.package}=${file.version}`)
  try {
    await download(apt, async () => {
      await apt.get(['download', ...wanted], part.path, (line) => {
        const [, number, what] = /^Get:(\d+) \S+ \S+ \S+ (.*)$/.exec(line) ?? []
        if (what) say(`fetch ${what}, ${number} of ${files.length}`)
      })
    })
  } catch (error) {
    await keepWhole(part.path, pkg.folder, files)
    throw error
  }
  for (const file of files) await store(join(part.path, file.name), pkg.folder, file)
}

/** Of a download that broke off, stores the files that are whole: the next run fetches only the others. */
async function keepWhole(part: string, folder: string, files: readonly LockedFile[]): Promise<void> {
  for (const file of files) {
    const path = join(part, file.name)
    if (existsSync(path) && (await sha256(path)) === file.sha256) await store(path, folder, file)
  }
}

async function tellGone(
  job: Job<Deb>,
  apt: Apt,
  { package: name = '', version }: LockedFile,
): Promise<never> {
  throw noLongerHeld(job.pkg, `${name} ${version}`, (await versions(apt, [name])).get(name) ?? [])
}

async function absent(apt: Apt, files: readonly LockedFile[]): Promise<LockedFile[]> {
  const held = await versions(
    apt,
    files.map((file) => file.package ?? ''),
  )
  return files.filter((file) => !held.get(file.package ?? '')?.includes(file.version))
}

/** These packages and all they depend on, as `NAME=VERSION`. */
async function closureOf(apt: Apt, names: readonly string[]): Promise<string[]> {
  const plan = await apt.query('apt-get', ['install', '--simulate', '-qq', ...names])
  return [...plan.matchAll(/^Inst (\S+) \((\S+) /gm)].map(([, name, version]) => `${name}=${version}`)
}

/** The files of `NAME` (the newest) or `NAME=VERSION`, as the archive's index has them. */
async function resolve(apt: Apt, names: readonly string[]): Promise<LockedFile[]> {
  const text = await apt.query('apt-cache', ['show', '--no-all-versions', ...names])
  return parsePackages(text, apt.suite)
}

/** Locked files of what `apt-cache show` tells; a file is named as apt-get saves it. */
export function parsePackages(text: string, suite: Suite): LockedFile[] {
  return text
    .split('\n\n')
    .filter((stanza) => stanza.trim() !== '')
    .map((stanza) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
      const [name, version, sha256] = [field('Package'), field('Version'), field('SHA256')]
      const file = `${name}_${version.replaceAll(':', '%3a')}_${field('Architecture')}.deb`
      return { name: file, version, sha256, package: name, suite }
    })
}

/** The versions that the archive holds of each package. */
async function versions(apt: Apt, names: readonly string[]): Promise<Map<string, string[]>> {
  const held = new Map<string, string[]>()
  for (const line of (await apt.query('apt-cache', ['madison', ...names])).split('\n')) {
    const [name = '', version = '', where = ''] = line.split('|').map((field) => field.trim())
    if (!where.endsWith('Packages')) continue
    held.set(name, [...new Set([...(held.get(name) ?? []), version])])
  }
  return held
}
