import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** One thing in a package's tree. */
export interface Entry {
  /** Without a leading `/`. */
  path: string
  type: 'file' | 'folder' | 'link' | 'other'
  /** Permission bits, with set-uid, set-gid and sticky. */
  mode: number
  /** What a link points to. */
  target?: string
}

/** All that lies below a folder, sorted by bytes; a folder comes before what it holds. */
export async function readTree(folder: string, below = ''): Promise<Entry[]> {
  const names = await readdir(join(folder, below))
  const sorted = names.map((name) => Buffer.from(name)).sort(Buffer.compare)
  const entries: Entry[] = []
  for (const name of sorted.map(String)) {
    const path = join(below, name)
    const stats = await lstat(join(folder, path))
    const mode = stats.mode & 0o7777
    if (stats.isDirectory()) entries.push({ path, type: 'folder', mode }, ...(await readTree(folder, path)))
    else if (stats.isSymbolicLink())
      entries.push({ path, type: 'link', mode, target: await readlink(join(folder, path)) })
    else entries.push({ path, type: stats.isFile() ? 'file' : 'other', mode })
  }
  return entries
}
