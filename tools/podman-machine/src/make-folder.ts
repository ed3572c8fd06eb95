import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder of this user alone, and those above it. Not by Node's `recursive`, which says of a read-only disk that there
 * is no such folder.
 */
export async function makeFolder(folder: string, mode = 0o700): Promise<void> {
  try {
    await mkdir(folder, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    await makeFolder(dirname(folder), 0o777)
    await makeFolder(folder, mode)
  }
}
