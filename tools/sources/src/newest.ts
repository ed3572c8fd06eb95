import { Problem } from '@boot2podman/kit'
import type { Package, Source } from '@boot2podman/tcz'
import { type Apt, openApt } from './apt.ts'
import { newestCrate } from './crates-index.ts'
import { parsePackages } from './deb.ts'
import { parseSources } from './debsrc.ts'
import { goCommand } from './go-command.ts'
import type { Activity } from './index.ts'
import type { Job, SourceOf } from './kind.ts'
import { type LockedFile, readLock } from './lock.ts'
import { clear } from './trouble.ts'
import { isVersion, plainVersion } from './version.ts'

/** A package's pin beside what its source has now. */
export interface Age {
  name: string
  pinned: string
  /** Undefined where nobody can be asked: an address, a folder of the recipe's own. */
  newest: string | undefined
  /** What a reader should know beside the two. */
  note?: string
}

/** Asks a package's source what it has now. Nothing is downloaded but the answer. */
export async function ageOf(root: string, pkg: Package, { say = () => {}, signal }: Activity): Promise<Age> {
  const job = { root, pkg, say, signal }
  return await clear(pkg.folder, async () => ({ name: pkg.name, pinned: pkg.version, ...(await ask(job)) }))
}

/** The newest version of a crate, or of a module of Go's. */
export async function newestVersion(job: Job): Promise<string> {
  const { source } = job
  if ('cargo' in source) return await newestCrate(source.cargo, job.pkg.folder)
  if ('go' in source) return await newestModule({ ...job, source })
  throw new Problem({ where: job.pkg.folder, what: 'a source of this kind does not tell versions' })
}

type Asked = Omit<Job, 'source'>

async function ask(asked: Asked): Promise<Pick<Age, 'newest' | 'note'>> {
  const { root, pkg } = asked
  const source: Source = pkg.source
  if ('local' in source) return { newest: undefined, note: 'lies in the tree' }
  if ('url' in source) return { newest: undefined, note: await reach(source.url) }
  const locked = readLock(root, pkg)
  if ('debsrc' in source) return await askSources({ ...asked, source }, locked)
  if ('deb' in source) return await askPackages({ ...asked, source }, locked)
  return { newest: await newestVersion({ ...asked, source }) }
}

async function reach(url: string): Promise<string> {
  const answer = await fetch(url, { method: 'HEAD' })
  return answer.ok ? 'its address still answers' : `its address answers ${answer.status}`
}

async function askSources(job: Job<SourceOf<'debsrc'>>, locked: LockedFile[]) {
  const apt = await fresh(job)
  const held = parseSources(
    await apt.query('apt-cache', ['showsrc', '--only-source', job.source.debsrc]).catch(() => ''),
  )
  const newest = held.at(-1)
  if (!newest) return { newest: undefined, note: GONE }
  const gone = locked.some(({ sha256 }) => !held.some(({ tarball }) => tarball.sha256 === sha256))
  const version = plainVersion(newest.version)
  return { newest: version, ...(gone && isVersion(version, job.pkg.version) && { note: 'another tarball' }) }
}

const GONE = 'the archive no longer holds it'

async function askPackages(job: Job<SourceOf<'deb'>>, locked: LockedFile[]) {
  const apt = await fresh(job)
  const names = locked.map((file) => file.package ?? '')
  const text = await apt.query('apt-cache', ['show', '--no-all-versions', ...names]).catch(() => '')
  const held = new Map(parsePackages(text, apt.suite).map((file) => [file.package, file]))
  const first = held.get(job.source.deb[0])
  const old = locked.filter((file) => held.get(file.package)?.sha256 !== file.sha256).length
  const note = `${old} of ${locked.length} packages are newer there`
  return { newest: first && plainVersion(first.version), ...(old > 0 && { note: first ? note : GONE }) }
}

async function fresh({ source, say, signal }: Job<SourceOf<'deb'> | SourceOf<'debsrc'>>): Promise<Apt> {
  const apt = await openApt(source.suite ?? 'trixie', say, signal)
  await apt.refresh()
  return apt
}

async function newestModule(job: Job<SourceOf<'go'>>): Promise<string> {
  const version = await goCommand(job, ['list', '-m', '-f', '{{.Version}}', `${job.source.go}@latest`])
  return version
    .trim()
    .replace(/^v/, '')
    .replace(/\+incompatible$/, '')
}
