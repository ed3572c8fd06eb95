import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Problem, writeAtomic } from '@boot2podman/kit'
import { isPinned, type Repository } from '@boot2podman/tcz'
import { formatDatabases } from './databases.ts'
import { type Extension, readExtension } from './extension.ts'
import { sign } from './key.ts'
import { formatIndex, type Index, type IndexedFile, nextIndex, parseIndex } from './signed-index.ts'

/** Where the repository lies, as a web server shows it. */
const FOLDER = 'dist/tcz'

/** What these recipes have built, by name. An extension whose recipe is not pinned is what another recipe of its name left. */
export async function builtExtensions(root: string, repository: Repository): Promise<Extension[]> {
  const names = [...repository.values()]
    .filter((one) => isPinned(root, one))
    .map(({ name }) => Buffer.from(name))
    .sort(Buffer.compare)
    .map(String)
  const read = await Promise.all(names.map((name) => readExtension(join(root, FOLDER), name)))
  return read.filter((one) => one !== undefined)
}

/**
 * Writes the indexes of dist/tcz: Tiny Core's, and the one that is signed. A file whose content is right already is not
 * written again.
 */
export async function writeIndex(root: string, extensions: readonly Extension[], now: Date): Promise<void> {
  if (extensions.length === 0) return
  const folder = join(root, FOLDER)
  const before = await readIndex(join(folder, 'index'))
  const databases = await writeDatabases(folder, extensions)
  const files = await Promise.all([
    ...extensions.map((one) => verified(folder, one, before)),
    ...[...extensions.map(({ name }) => `${name}.tcz.dep`), ...databases].map((name) =>
      measure(folder, name),
    ),
  ])
  const index = formatIndex(nextIndex(files, before, now))
  // Signed each time: the key may be another one than before.
  const signature = await sign(index)
  await writeChanged(join(folder, 'index.sig'), signature)
  await writeChanged(join(folder, 'index'), index)
}

/** The index that is there. What cannot be read is as good as none. */
async function readIndex(file: string): Promise<Index | undefined> {
  try {
    return parseIndex(await readFile(file, 'utf8'), file)
  } catch {
    return undefined
  }
}

/** Writes each with its .gz beside it. Returns the names of all. */
async function writeDatabases(folder: string, extensions: readonly Extension[]): Promise<string[]> {
  const written = Object.entries(formatDatabases(extensions)).map(async ([name, text]) => {
    const changed = await writeChanged(join(folder, name), text)
    const zipped = `${name}.gz`
    if (changed || !existsSync(join(folder, zipped))) {
      await writeAtomic(join(folder, zipped), gzipSync(text, { level: 9 }))
    }
    return [name, zipped]
  })
  return (await Promise.all(written)).flat()
}

/** Returns whether it had to be written. */
async function writeChanged(file: string, text: string): Promise<boolean> {
  const there = await readFile(file, 'utf8').catch(() => undefined)
  if (there === text) return false
  await writeAtomic(file, text)
  return true
}

/** An extension's line. What the index before does not have is read: beside a file may lie the checksum of another. */
async function verified(
  folder: string,
  extension: Extension,
  before: Index | undefined,
): Promise<IndexedFile> {
  const { sha256, size } = extension
  const name = `${extension.name}.tcz`
  const isKnown = before?.files.some((one) => one.name === name && one.sha256 === sha256 && one.size === size)
  if (isKnown) return { name, sha256, size }
  const found = await measure(folder, name)
  if (found.sha256 === sha256) return found
  throw new Problem({
    where: join(FOLDER, name),
    what: `it is not what ${name}.sha256 says: expected ${sha256}, found ${found.sha256}`,
    fix: `to have it anew: rm ${join(FOLDER, name)}*, then ./b2p tcz ${extension.name}`,
  })
}

async function measure(folder: string, name: string): Promise<IndexedFile> {
  const file = join(folder, name)
  const { size } = await stat(file)
  return {
    name,
    size,
    sha256: createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  }
}
