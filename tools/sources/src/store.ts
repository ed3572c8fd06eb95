import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder, Problem } from '@boot2podman/kit'
import type { LockedFile } from './lock.ts'
import { sha256 } from './sha256.ts'

/** Whether the store has a file of this checksum. */
export function isStored(checksum: string): boolean {
  return existsSync(place(checksum))
}

/** The path of a locked file in the store, verified. A file that was changed there is fatal. */
export async function stored({ name, sha256: expected }: LockedFile): Promise<string> {
  const file = place(expected)
  const found = await sha256(file)
  if (found === expected) return file
  throw new Problem({
    where: file,
    what: `this is not ${name} any more: expected sha256 ${expected}, found ${found}`,
    fix: `rm '${file}', then try again: it is fetched anew`,
  })
}

/**
 * Moves a fetched file into the store; it must lie below the cache folder. Gives its checksum.
 * With a locked one, another checksum is fatal, and the file is gone.
 */
export async function store(file: string, folder: string, locked?: LockedFile): Promise<string> {
  const found = await sha256(file)
  if (locked !== undefined && found !== locked.sha256) {
    await rm(file)
    throw new Problem({
      where: join(folder, 'tcz.lock'),
      what: `${locked.name} has a wrong checksum: expected ${locked.sha256}, got ${found}`,
      fix: 'somebody changed the file behind the pin: find out why before you pin it anew',
    })
  }
  await mkdir(dirname(place(found)), { recursive: true })
  await rename(file, place(found))
  return found
}

function place(checksum: string): string {
  return cacheFolder('sources', 'sha256', checksum)
}
