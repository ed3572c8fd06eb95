import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'
import type { Package } from '@boot2podman/tcz'

/** A file or folder that is not root's, or whose mode Git cannot hold. */
export interface Owner {
  path: string
  /** Of the path and all below it. */
  uid: number
  gid: number
  /** Octal, of the path alone. The only way to a set-uid program. */
  mode: string
}

const FILE = 'rootfs.owners'
const LINE = /^(?<path>[^/\s]\S*) (?<uid>\d+) (?<gid>\d+) (?<mode>[0-7]{3,4})$/

/** Reads a recipe's `rootfs.owners`: lines `home/tc 1001 50 755`, `#` begins a comment. Sorted; none when there is no file. */
export function readOwners(root: string, { folder }: Package): Owner[] {
  const file = join(folder, FILE)
  return existsSync(join(root, file)) ? parseOwners(readFileSync(join(root, file), 'utf8'), file) : []
}

/** Throws a Problem that tells each path that is not in the tree. */
export function checkOwners(tree: string, owners: readonly Owner[], { folder, name }: Package): void {
  const [first, ...rest] = owners
    .filter(({ path }) => !lstatSync(join(tree, path), { throwIfNoEntry: false }))
    .map(({ path }): Trouble => ({ where: join(folder, FILE), what: `there is no ${path} in ${name}` }))
  if (first) throw new Problem(first, ...rest)
}

function parseOwners(text: string, file: string): Owner[] {
  const troubles: Trouble[] = []
  const owners = text.split('\n').flatMap((whole, index) => {
    const line = whole.trim()
    if (line === '' || line.startsWith('#')) return []
    const { path = '', uid, gid, mode = '' } = LINE.exec(line)?.groups ?? {}
    if (path !== '') return [{ path: path.replace(/\/+$/, ''), uid: Number(uid), gid: Number(gid), mode }]
    troubles.push({
      where: `${file}:${index + 1}`,
      what: `"${line}" is not a path with its owner`,
      fix: 'expected PATH UID GID MODE, such as home/tc 1001 50 755',
    })
    return []
  })
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
  return owners.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}
