import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder, run } from '@boot2podman/kit'
import { workFolder } from './work.ts'

/**
 * The folder with the content of a .tcz: unpacked once, kept in the cache by the file's checksum. Never write into it.
 * Files belong to whoever opens it; owners other than root are kept only for root.
 */
export async function openLayer(tcz: string, signal?: AbortSignal): Promise<string> {
  const folder = cacheFolder('layers', await sha256(tcz))
  if (existsSync(folder)) return folder
  await using work = await workFolder()
  const unpacked = join(work.path, 'layer')
  await run('unsquashfs', ['-no-progress', '-quiet', '-no-xattrs', '-dest', unpacked, tcz], {
    ...(signal && { signal }),
  })
  await mkdir(dirname(folder), { recursive: true })
  try {
    await rename(unpacked, folder)
  } catch (error) {
    // Another process was first. What it unpacked has the same checksum.
    if (!existsSync(folder)) throw error
  }
  return folder
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
