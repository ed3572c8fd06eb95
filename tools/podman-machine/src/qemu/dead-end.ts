import { tail } from '../log.ts'

/** What firmware and kernel say last when nothing comes any more. */
const DEAD_END = /^(No bootable device\.|.*\bKernel panic - not syncing: ).*/
const LINES = 30

/** The line with which a machine has come to an end, though its QEMU runs; undefined: none is on its console. */
export async function deadEnd(console: string): Promise<string | undefined> {
  const read = await tail(console, LINES)
  return read && deadEndOf(Buffer.from(read.text).toString('latin1'))
}

export function deadEndOf(text: string): string | undefined {
  return text
    .split(/[\r\n]+/)
    .reverse()
    .map((line) => line.trim())
    .find((line) => DEAD_END.test(line))
}
