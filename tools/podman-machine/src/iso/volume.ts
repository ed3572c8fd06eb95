import { open } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'

/** Where ISO 9660 puts the first volume descriptor, and what is in it. */
const DESCRIPTOR = 0x8000
const STANDARD_ID = 1
const VOLUME_ID = 0x28
const BLOCKS = 0x50
const BLOCK = 2048
const OURS = /^boot2podman/i

/** The volume id of an ISO image, which is whole as far as its length tells, and ours. Anything else is a Problem. */
export async function volumeId(file: string): Promise<string> {
  const image = await open(file)
  try {
    const { size } = await image.stat()
    const { buffer } = await image.read(Buffer.alloc(BLOCK), 0, BLOCK, DESCRIPTOR)
    const fix = 'boot2podman.iso is made by ./b2p iso in the repository; or take another one'
    if (buffer.toString('latin1', STANDARD_ID, STANDARD_ID + 5) !== 'CD001') {
      throw new Problem({ where: file, what: 'is no ISO image, or only the beginning of one', fix })
    }
    const whole = buffer.readUInt32LE(BLOCKS) * BLOCK
    if (size < whole) {
      throw new Problem({ where: file, what: `is cut off: it has ${size} of ${whole} bytes`, fix })
    }
    const id = buffer.toString('latin1', VOLUME_ID, VOLUME_ID + 32).trimEnd()
    if (!OURS.test(id)) {
      throw new Problem({ where: file, what: `is no boot2podman: its volume is called "${id}"`, fix })
    }
    return id
  } finally {
    await image.close()
  }
}
