import type { Package, Source } from '@boot2podman/tcz'
import { cargo } from './cargo.ts'
import { deb } from './deb.ts'
import { debsrc } from './debsrc.ts'
import { go } from './go.ts'
import type { Job, Kind } from './kind.ts'
import { local } from './local.ts'
import { readLock, writeLock } from './lock.ts'
import { settleModes } from './modes.ts'
import { clear } from './trouble.ts'
import { url } from './url.ts'
import { checkVersion, moveVersion } from './version.ts'

/** How the caller follows and ends what is going on. */
export interface Activity {
  say?: (line: string) => void
  signal?: AbortSignal
}

const KINDS: { [Key in string]: Kind<never> } = { go, cargo, debsrc, deb, url, local }

/** Has all that a package's source is made of in the cache: as its tcz.lock says, or it fails. */
export async function fetchSource(root: string, pkg: Package, activity: Activity = {}): Promise<void> {
  const job = jobOf(root, pkg, activity)
  await clear(pkg.folder, async () => {
    checkVersion(root, pkg)
    await kindOf(pkg).fetch(job, readLock(root, pkg))
  })
}

/** Lays a package's source out in a folder that is empty, or is made; fetches what is missing. Patches are left alone. */
export async function unpackSource(
  root: string,
  pkg: Package,
  folder: string,
  activity: Activity = {},
): Promise<void> {
  const job = jobOf(root, pkg, activity)
  await fetchSource(root, pkg, activity)
  await clear(pkg.folder, async () => {
    await kindOf(pkg).unpack(job, readLock(root, pkg), folder)
    await settleModes(folder)
  })
}

/** Moves a package's pin to what there is now: writes tcz.lock, and the version in tcz.json where the archive decides it. */
export async function pinSource(root: string, pkg: Package, activity: Activity = {}): Promise<void> {
  const job = jobOf(root, pkg, activity)
  await clear(pkg.folder, async () => {
    const { files, version } = await kindOf(pkg).pin(job)
    if (version !== undefined) await moveVersion(root, pkg, version, job.say)
    await writeLock(root, pkg, files)
    job.say(`pinned ${files.length === 1 ? '1 file' : `${files.length} files`}`)
  })
}

function jobOf(root: string, pkg: Package, { say = () => {}, signal }: Activity): Job<never> {
  return {
    root,
    pkg,
    source: pkg.source as never,
    say: (line) => say(`${pkg.name}: ${line}`),
    signal,
  }
}

function kindOf(pkg: Package): Kind<never> {
  const key = Object.keys(KINDS).find((name) => Object.hasOwn(pkg.source satisfies Source, name))
  return KINDS[key as string] as Kind<never>
}
