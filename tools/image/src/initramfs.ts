import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Entry, formatNewc } from './newc.ts'

/** `core.gz`: folders laid over each other, the last on top, as the archive that the kernel starts from. */
export async function makeInitramfs(folders: readonly string[], time: number): Promise<Buffer> {
  const entries = new Map<string, Entry>()
  for (const folder of folders) {
    for (const entry of await readEntries(folder)) entries.set(entry.path, entry)
  }
  // A folder sorts before what is in it: the kernel makes none by itself.
  const sorted = [...entries.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  )
  return gzipSync(formatNewc(sorted, time), { level: 9 })
}

async function readEntries(folder: string): Promise<Entry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(found.map((one) => readEntry(folder, one)))
}

async function readEntry(folder: string, one: Dirent): Promise<Entry> {
  const file = join(one.parentPath, one.name)
  const path = relative(folder, file)
  const { mode } = await lstat(file)
  if (one.isSymbolicLink()) return { path, mode, content: await readlink(file, 'buffer') }
  if (one.isFile()) return { path, mode, content: await readFile(file) }
  return { path, mode }
}
