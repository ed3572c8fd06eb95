import { createHash } from 'node:crypto'

/** A serial number that says what a bill was made from: the same gives the same, so that one need not be made again. */
export function serialNumber(...from: readonly string[]): string {
  const hash = createHash('sha256')
  for (const one of from) hash.update(one).update('\0')
  const hex = hash.digest('hex')
  // A UUID of version 8: its maker's own.
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-')}`
}
