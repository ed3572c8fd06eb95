import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** A file's SHA-256, in hex. */
export function sha256(file: string): Promise<string> {
  return digest('sha256', file)
}

/** A file's MD5, in hex: Tiny Core's tools compare it after a download. */
export function md5(file: string): Promise<string> {
  return digest('md5', file)
}

async function digest(algorithm: string, file: string): Promise<string> {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
