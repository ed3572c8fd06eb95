import { lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'

const TOPS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']

/** Moves what lies in /bin, /lib and the like below /usr, where those folders are links to; such links themselves go. */
export async function mergeUsr(root: string): Promise<void> {
  for (const top of TOPS) {
    const from = join(root, top)
    const kind = await lstat(from).catch(() => undefined)
    if (kind?.isDirectory()) await move(root, from, join(root, 'usr', top))
    else if (kind) await rm(from)
  }
}

async function move(root: string, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await move(root, source, target)
    else if (entry.isSymbolicLink()) await moveLink(root, source, target)
    else await rename(source, target)
  }
  await rm(from, { recursive: true })
}

/** A relative link is one folder deeper afterwards, and so may be what it leads to. */
async function moveLink(root: string, source: string, target: string): Promise<void> {
  const text = await readlink(source)
  await rm(source)
  await rm(target, { force: true })
  if (text.startsWith('/')) return symlink(text, target)
  const [top = '', ...rest] = relative(root, resolve(dirname(source), text)).split('/')
  const aim = TOPS.includes(top) ? join(root, 'usr', top, ...rest) : join(root, top, ...rest)
  await symlink(relative(dirname(target), aim), target)
}
