import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Package, Repository } from '@boot2podman/tcz'
import { type Crate, parseCargoLock } from './cargo-lock.ts'
import { type LockedFile, readLock } from './lock.ts'
import { type Activity, fetchSource } from './source.ts'
import { stored } from './store.ts'
import { unpackTar } from './tar.ts'
import { temporaryFolder } from './temporary.ts'

/** An archive that a package's source is made of. */
export interface Archive {
  name: string
  /** In the cache, verified. */
  file: string
}

/** What tcz.lock names of a package that lies in archives, each in the cache: fetched when it is missing. */
export async function sourceArchives(
  root: string,
  pkg: Package,
  activity: Activity = {},
): Promise<Archive[]> {
  await fetchSource(root, pkg, activity)
  // A Go module's own go.mod and go.sum are locked too, but lie in the recipe.
  const locked = readLock(root, pkg).filter(({ name }) => name !== 'go.mod' && name !== 'go.sum')
  const crates = (await lockedCrates(root, pkg, activity)).map(
    ({ name, version, sha256 }): LockedFile => ({ name: `${name}-${version}.crate`, version, sha256 }),
  )
  return Promise.all([...locked, ...crates].map(async (one) => ({ name: one.name, file: await stored(one) })))
}

/** The crates that the Cargo.lock of a package of kind `cargo` names, without its own. */
export async function lockedCrates(root: string, pkg: Package, activity: Activity = {}): Promise<Crate[]> {
  if (!('cargo' in pkg.source)) return []
  await fetchSource(root, pkg, activity)
  await using part = await temporaryFolder()
  for (const file of readLock(root, pkg)) await unpackTar(await stored(file), part.path)
  return parseCargoLock(await readFile(join(part.path, 'Cargo.lock'), 'utf8'), pkg.folder)
}

/** A binary package of Debian's by its name, from whichever recipe locks it. */
export async function debianArchive(
  root: string,
  repository: Repository,
  name: string,
): Promise<Archive | undefined> {
  for (const pkg of repository.values()) {
    if (!('deb' in pkg.source)) continue
    const locked = readLock(root, pkg).find((file) => file.package === name)
    if (locked === undefined) continue
    await fetchSource(root, pkg)
    return { name: locked.name, file: await stored(locked) }
  }
  return undefined
}
