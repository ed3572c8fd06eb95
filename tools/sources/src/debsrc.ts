import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { type Apt, openApt } from './apt.ts'
import { download, find, noLongerHeld } from './debian.ts'
import type { Job, Kind, SourceOf } from './kind.ts'
import type { LockedFile } from './lock.ts'
import { isStored, store, stored } from './store.ts'
import { unpackTar } from './tar.ts'
import { temporaryFolder } from './temporary.ts'
import { plainVersion } from './version.ts'

type DebSource = SourceOf<'debsrc'>

/** The upstream tarball of a Debian source package. Debian's own changes to it are not taken. */
export const debsrc: Kind<DebSource> = {
  async fetch(job, locked) {
    for (const file of locked) if (!isStored(file.sha256)) await fetchOne(job, file)
  },

  async unpack(_job, locked, folder) {
    for (const file of locked) await unpackTar(await stored(file), folder)
  },

  async pin(job) {
    const apt = await openSuite(job)
    await apt.refresh()
    const newest = (await list(apt, job.source.debsrc)).at(-1)
    if (!newest) throw noLongerHeld(job.pkg, job.source.debsrc, [])
    const { tarball } = newest
    const locked = {
      name: tarball.name,
      version: upstream(tarball.name),
      sha256: tarball.sha256,
      package: job.source.debsrc,
      suite: apt.suite,
    }
    if (!isStored(locked.sha256)) await get(job, apt, newest, locked)
    return { files: [locked], version: locked.version }
  },
}

/** A version of a source package, and its tarball. */
interface Held {
  version: string
  tarball: { name: string; sha256: string }
}

const openSuite = ({ source, say, signal }: Job<DebSource>) => openApt(source.suite ?? 'trixie', say, signal)

async function fetchOne(job: Job<DebSource>, file: LockedFile): Promise<void> {
  const apt = await openSuite(job)
  const all = () => list(apt, job.source.debsrc)
  // By its checksum: a new revision of Debian's has the same tarball.
  const held = await find(apt, async () =>
    (await all()).find(({ tarball }) => tarball.sha256 === file.sha256),
  )
  if (held) return get(job, apt, held, file)
  const now = (await all()).map(({ tarball }) => plainVersion(upstream(tarball.name)))
  throw noLongerHeld(job.pkg, `${job.source.debsrc} ${plainVersion(file.version)}`, [...new Set(now)])
}

async function get(job: Job<DebSource>, apt: Apt, held: Held, file: LockedFile): Promise<void> {
  await using part = await temporaryFolder()
  job.say(`fetch ${file.name}`)
  const args = ['source', '--download-only', '--tar-only', `${job.source.debsrc}=${held.version}`]
  await download(apt, async () => {
    await apt.get(args, part.path, () => {})
  })
  const got = await readdir(part.path)
  if (!got.includes(file.name)) {
    throw new Problem({ where: job.pkg.folder, what: `apt brought ${got.join(', ')}, not ${file.name}` })
  }
  await store(join(part.path, file.name), job.pkg.folder, file)
}

async function list(apt: Apt, name: string): Promise<Held[]> {
  return parseSources(await apt.query('apt-cache', ['showsrc', '--only-source', name]).catch(() => ''))
}

/** The source packages in apt's index that have an upstream tarball; the newest, apt's own choice, last. */
export function parseSources(text: string): Held[] {
  return text.split('\n\n').flatMap((stanza) => {
    const version = /^Version: (\S+)$/m.exec(stanza)?.[1]
    const [, sha256, name] = /^ ([0-9a-f]{64}) \d+ (\S+\.orig\.tar\.(?:gz|xz|bz2|zst))$/m.exec(stanza) ?? []
    return version && sha256 && name ? [{ version, tarball: { name, sha256 } }] : []
  })
}

function upstream(tarball: string): string {
  return tarball.replace(/^[^_]+_/, '').replace(/\.orig\.tar\.\w+$/, '')
}
