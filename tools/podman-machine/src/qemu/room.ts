import { statfs } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'
import type { Progress } from '../drivers/driver.ts'
import type { Machine } from '../machine.ts'
import type { QemuSettings } from './settings.ts'

const MB = 2 ** 20
/** What a new machine writes at once, beside its ISO: the file system's own blocks. */
const ROOM = 64 * MB

/** A disk on which a new machine has no room is a Problem; one on which its disk has none to grow is told. */
export async function throwIfFull(
  { store, files, config }: Machine<QemuSettings>,
  progress: Progress,
): Promise<void> {
  const { bavail, bsize } = await statfs(files.folder)
  const free = bavail * bsize
  if (free < ROOM) {
    throw new Problem({
      where: store.folder,
      what: `not enough disk: ${Math.floor(free / MB)} MB are free, and a new machine takes ${ROOM / MB} MB`,
      fix: 'make room; or another store: podman-machine --storage-path FOLDER, or MACHINE_STORAGE_PATH',
    })
  }
  const { DiskSize } = config.Driver
  if (free < DiskSize * MB) {
    const have = Math.floor(free / MB)
    progress.say(`the machine's disk may grow to ${DiskSize} MB, of which ${have} MB are free here now`)
  }
}
