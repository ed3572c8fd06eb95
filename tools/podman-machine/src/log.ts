import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Read {
  text: Uint8Array
  /** Where to go on. */
  end: Position
}

/** A place in a file which may be replaced by another. */
export interface Position {
  inode: number
  offset: number
}

/** A file, or the last of its lines. Undefined: there is none. */
export async function tail(file: string, lines?: number): Promise<Read | undefined> {
  const read = await readFrom(file, { inode: 0, offset: 0 })
  if (read === undefined || lines === undefined) return read
  const text = Buffer.from(read.text)
  // The last line may have no end.
  let at = text.at(-1) === NEWLINE ? text.length - 1 : text.length
  for (let count = 0; count < lines && at >= 0; count++)
    at = at === 0 ? -1 : text.lastIndexOf(NEWLINE, at - 1)
  return { ...read, text: lines === 0 ? text.subarray(text.length) : text.subarray(at + 1) }
}

const NEWLINE = 10

/** Hands on what is written to a file, and to those that take its place, until `signal` says to end. */
export async function follow(
  file: string,
  from: Position,
  write: (text: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let position = from; !signal?.aborted; ) {
    const read = await readFrom(file, position)
    if (read !== undefined) {
      position = read.end
      if (read.text.length > 0) write(read.text)
    }
    await sleep(200)
  }
}

/** What there is from a position on; all of it, if it is another file by now or was made shorter. */
async function readFrom(file: string, { inode, offset }: Position): Promise<Read | undefined> {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { ino, size } = await handle.stat()
    const start = ino === inode && offset <= size ? offset : 0
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
    return { text: buffer.subarray(0, bytesRead), end: { inode: ino, offset: start + bytesRead } }
  } finally {
    await handle.close()
  }
}
