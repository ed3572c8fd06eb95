import { Problem } from '@boot2podman/kit'

const MAGIC = 0x514649fb // "QFI\xfb"
const CLUSTER_BITS = 16
const CLUSTER = 1 << CLUSTER_BITS
const HEADER_LENGTH = 104
/** Of an entry whose cluster is used once, so that QEMU may write into it. */
const COPIED = 1n << 63n
/** One cluster of level 1 entries, each for 8192 clusters: 4 TB. So that a disk grows by its header alone. */
const L1_ENTRIES = CLUSTER / 8
const BYTES_OF_AN_L1_ENTRY = CLUSTER * (CLUSTER / 8)

/** The largest disk that an image of ours can hold. */
export const LARGEST = L1_ENTRIES * BYTES_OF_AN_L1_ENTRY

/** How many of a file's first bytes hold the header. */
export const HEADER = HEADER_LENGTH

/**
 * A disk image in QEMU's format, version 3 (docs/interop/qcow2.txt of QEMU): a disk of `size` bytes that begins with `content`,
 * at most half a gigabyte, and is zero behind it. Its clusters: header, refcount table, refcounts, level 1, level 2, content.
 */
export function qcow2(content: Uint8Array, size: number): Buffer {
  const first = 5
  const clusters = Math.ceil(content.length / CLUSTER)
  const image = Buffer.alloc((first + clusters) * CLUSTER)
  header(size).copy(image)
  image.writeBigUInt64BE(at(2), 1 * CLUSTER)
  for (let cluster = 0; cluster < first + clusters; cluster++)
    image.writeUInt16BE(1, 2 * CLUSTER + cluster * 2)
  image.writeBigUInt64BE(at(4) | COPIED, 3 * CLUSTER)
  for (let cluster = 0; cluster < clusters; cluster++) {
    image.writeBigUInt64BE(at(first + cluster) | COPIED, 4 * CLUSTER + cluster * 8)
  }
  image.set(content, first * CLUSTER)
  return image
}

/** The size of the disk in an image that begins with these bytes. */
export function diskSize(header: Buffer, file: string): number {
  if (header.length < HEADER_LENGTH || header.readUInt32BE(0) !== MAGIC) {
    throw new Problem({
      where: file,
      what: 'is no qcow2 image',
      fix: 'put the right file back; without one the machine can only be removed',
    })
  }
  return Number(header.readBigUInt64BE(24))
}

/** The same header for a larger disk. */
export function enlarged(header: Buffer, size: number, file: string): Buffer {
  const now = diskSize(header, file)
  const room = header.readUInt32BE(36) * 2 ** (2 * header.readUInt32BE(20) - 3)
  if (size < now || size > room) {
    throw new Problem({
      where: file,
      what: `cannot be made ${megabytes(size)} MB large: it has ${megabytes(now)} MB`,
      fix: size < now ? 'a disk only grows' : `it can have ${megabytes(room)} MB at most`,
    })
  }
  const larger = Buffer.from(header)
  larger.writeBigUInt64BE(BigInt(size), 24)
  return larger
}

function header(size: number): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH)
  header.writeUInt32BE(MAGIC, 0)
  header.writeUInt32BE(3, 4)
  header.writeUInt32BE(CLUSTER_BITS, 20)
  header.writeBigUInt64BE(BigInt(size), 24)
  header.writeUInt32BE(L1_ENTRIES, 36)
  header.writeBigUInt64BE(at(3), 40)
  header.writeBigUInt64BE(at(1), 48)
  header.writeUInt32BE(1, 56)
  header.writeUInt32BE(4, 96) // refcounts of 2^4 bits
  header.writeUInt32BE(HEADER_LENGTH, 100)
  return header
}

function at(cluster: number): bigint {
  return BigInt(cluster * CLUSTER)
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20)
}
