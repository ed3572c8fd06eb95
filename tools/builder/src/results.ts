import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { cacheFolder } from '@boot2podman/kit'
import { sha256 } from './digest.ts'

// In the form of sha256sum: a person can verify an entry with `sha256sum -c CHECKSUMS`.
const CHECKSUMS = 'CHECKSUMS'

/** The folder with the outputs that were kept under a hash; nothing when there is none. A damaged one is removed. */
export async function takeResult(hash: string, outputs: readonly string[]): Promise<string | undefined> {
  const folder = cacheFolder('results', hash)
  if (!existsSync(folder)) return undefined
  const names = outputs.map((output) => basename(output))
  const told = await readFile(join(folder, CHECKSUMS), 'utf8').catch(() => '')
  const found = await checksums(folder, names).catch(() => undefined)
  if (told === found) return folder
  await rm(folder, { recursive: true, force: true })
  return undefined
}

/** Keeps a folder of outputs under a hash. The folder is taken away from where it is. */
export async function keepResult(hash: string, folder: string): Promise<void> {
  const to = cacheFolder('results', hash)
  await writeFile(join(folder, CHECKSUMS), await checksums(folder, await readdir(folder)))
  await mkdir(dirname(to), { recursive: true })
  try {
    await rename(folder, to)
  } catch (error) {
    // Another clone was first, with the same.
    if (!existsSync(to)) throw error
  }
}

async function checksums(folder: string, names: readonly string[]): Promise<string> {
  const lines = await Promise.all(
    names.toSorted().map(async (name) => `${await sha256(join(folder, name))}  ${name}\n`),
  )
  return lines.join('')
}
