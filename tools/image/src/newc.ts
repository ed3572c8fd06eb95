/** One file of an archive. All belong to root. */
export interface Entry {
  /** Without a leading `/`. */
  path: string
  /** Type and permission bits, as in `stat`. */
  mode: number
  /** Of a file its content, of a symbolic link its target. */
  content?: Uint8Array
}

const TRAILER = 'TRAILER!!!'

/** A cpio archive of the form `newc`, the one that the kernel unpacks as its first root. `time` is every file's, in seconds. */
export function formatNewc(entries: readonly Entry[], time: number): Buffer {
  const members = entries.map((entry, index) => member(entry, index + 1, time))
  return Buffer.concat([...members, member({ path: TRAILER, mode: 0 }, 0, 0)])
}

function member({ path, mode, content = new Uint8Array() }: Entry, inode: number, time: number): Buffer {
  const name = Buffer.from(`${path}\0`)
  const links = 1
  // inode, mode, uid, gid, links, time, size, device (2), special device (2), length of the name, checksum
  const fields = [inode, mode, 0, 0, links, time, content.length, 0, 0, 0, 0, name.length, 0]
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`)
  return Buffer.concat([pad(Buffer.concat([header, name])), pad(content)])
}

/** Header with name, and content, each end at a multiple of 4. */
function pad(data: Uint8Array): Buffer {
  return Buffer.concat([data, Buffer.alloc(-data.length & 3)])
}
