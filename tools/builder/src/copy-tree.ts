import { chmod, copyFile, lstat, lutimes, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { EPOCH } from './epoch.ts'

/**
 * Copies a folder of the repository over another one. Git knows one bit of a mode and no times: so neither do the copies,
 * whatever the umask of the clone was. A file takes the place of one that is there.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) {
    const source = join(from, name)
    const target = join(to, name)
    const stats = await lstat(source)
    if (stats.isDirectory()) {
      await refuseLink(source, target)
      await copyTree(source, target)
      await chmod(target, 0o755)
    } else {
      await rm(target, { force: true })
      if (stats.isSymbolicLink()) await symlink(await readlink(source), target)
      else {
        await copyFile(source, target)
        await chmod(target, stats.mode & 0o100 ? 0o755 : 0o644)
      }
    }
    await lutimes(target, EPOCH, EPOCH)
  }
}

/** A link may lead out of the tree, to this machine's own files. */
async function refuseLink(source: string, target: string): Promise<void> {
  const stats = await lstat(target).catch(() => undefined)
  if (!stats?.isSymbolicLink()) return
  throw new Problem({
    where: relative(process.cwd(), source),
    what: 'is a folder, and the build made a link there',
  })
}
