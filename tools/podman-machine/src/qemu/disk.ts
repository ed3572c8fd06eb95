import { open } from 'node:fs/promises'
import { writeAtomic } from '@boot2podman/kit'
import { diskSize, enlarged, HEADER, qcow2 } from './qcow2.ts'

const MB = 2 ** 20

/** Makes the data disk of a new machine, which the machine formats when it starts. */
export async function makeDisk(file: string, megabytes: number, userdata: Uint8Array): Promise<void> {
  await writeAtomic(file, qcow2(userdata, megabytes * MB))
}

/** Makes the disk as large as that, if it is smaller. The machine, which must not run, takes the room at its next start. */
export async function growDisk(file: string, megabytes: number): Promise<boolean> {
  const image = await open(file, 'r+')
  try {
    const { buffer, bytesRead } = await image.read(Buffer.alloc(HEADER), 0, HEADER, 0)
    const header = buffer.subarray(0, bytesRead)
    if (diskSize(header, file) >= megabytes * MB) return false
    // Within the first block of the disk below, which is written whole or not at all.
    await image.write(enlarged(header, megabytes * MB, file), 0, HEADER, 0)
    await image.sync()
    return true
  } finally {
    await image.close()
  }
}
