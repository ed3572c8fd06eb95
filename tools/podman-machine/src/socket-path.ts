import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'

// A socket's path has room for 107 bytes on Linux, for 103 on macOS; ssh binds another name first, with 17 letters more.
const MOST = 103 - 17

// What ssh's -L and docker's URLs take as it is.
const PLAIN = /^[\w./@+-]*$/

/** Where a unix socket lies: at its path, or if that does not do for a socket, in a folder of this user alone. */
export function socketPath(path: string): string {
  if (process.platform === 'win32') return path
  if (PLAIN.test(path) && Buffer.byteLength(path) <= MOST) return path
  return join(privateFolder(), `${createHash('sha256').update(path).digest('hex').slice(0, 20)}.sock`)
}

/** Makes the folder that `socketPath` chose, if it did. */
export async function prepareSocket(path: string): Promise<string> {
  const chosen = socketPath(path)
  if (chosen === path) return path
  const folder = privateFolder()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { uid } = await lstat(folder)
  if (uid !== userInfo().uid) {
    throw new Problem({
      where: folder,
      what: 'belongs to another user',
      fix: 'a store with a shorter path needs no such folder',
    })
  }
  await chmod(folder, 0o700)
  return chosen
}

function privateFolder(): string {
  return join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `podman-machine-${userInfo().uid}`)
}
