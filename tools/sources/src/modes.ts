import { chmod, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Gives a tree the modes that do not depend on who unpacked it, or with which umask: folders 755, files 644 or 755.
 * The bits setuid and setgid stay, for the checks to see.
 */
export async function settleModes(folder: string): Promise<void> {
  for (const path of [folder, ...(await entries(folder))]) {
    const { mode } = await lstat(path)
    const kind = mode & 0o170000
    if (kind === 0o040000) await chmod(path, 0o755)
    if (kind === 0o100000) await chmod(path, (mode & 0o6000) | (mode & 0o111 ? 0o755 : 0o644))
  }
}

async function entries(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    found.push(path)
    if (!entry.isDirectory()) continue
    // A folder nobody may enter (0600 in some tarballs) has to be opened first.
    await chmod(path, 0o755)
    found.push(...(await entries(path)))
  }
  return found
}
