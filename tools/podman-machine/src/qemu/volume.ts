import { stat } from 'node:fs/promises'
import { isAbsolute, posix } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { UsageProblem } from '../usage-problem.ts'

/** A folder of the host's, and where the machine has it. */
export interface Volume {
  host: string
  guest: string
  readOnly: boolean
}

/** `/home/me`, `/home/me/src:/src`, `/data:/data:ro`, `C:\src:/src`. */
export function parseVolume(text: string): Volume {
  const words = text.split(/(?<!^[A-Za-z]):/)
  const readOnly = words.at(-1) === 'ro'
  if (readOnly || words.at(-1) === 'rw') words.pop()
  const [host = '', guest = host, ...more] = words
  if (more.length === 0 && isAbsolute(host) && posix.isAbsolute(guest) && posix.normalize(guest) !== '/') {
    return { host, guest: posix.normalize(guest), readOnly }
  }
  throw new UsageProblem({
    where: '--volume',
    what: `"${text}" does not say which folder is to be where`,
    fix: 'expected FOLDER[:FOLDER IN THE MACHINE][:ro], both from the root: /home/me/src:/src',
  })
}

/** A folder that is not there is told before QEMU would. */
export async function throwIfNoFolders(texts: readonly string[]): Promise<void> {
  const found = await Promise.all(
    texts.map(async (text) => {
      const { host } = parseVolume(text)
      return {
        host,
        there: await stat(host).then(
          (status) => status.isDirectory(),
          () => false,
        ),
      }
    }),
  )
  const [first, ...rest] = found
    .filter(({ there }) => !there)
    .map(({ host }) => ({ where: host, what: 'is no folder here', fix: `to make it: mkdir ${host}` }))
  if (first) throw new Problem(first, ...rest)
}

/** By which the machine knows the folder: 9p has room for 31 letters. */
export function volumeTag(index: number): string {
  return `volume${index}`
}

/** What mounts it in the machine, typed as root by a shell. Repeated it does nothing. */
export function mountCommand({ guest, readOnly }: Volume, index: number): string {
  const folder = `'${guest.replaceAll("'", `'\\''`)}'`
  const options = `trans=virtio,version=9p2000.L,msize=131072,access=any${readOnly ? ',ro' : ''}`
  return (
    `{ modprobe -a 9pnet_virtio 9p; mkdir -p ${folder}; mountpoint -q ${folder} || ` +
    `mount -t 9p -o ${options} ${volumeTag(index)} ${folder}; }`
  )
}
