import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, Problem } from '@boot2podman/kit'

const FULL = /ENOSPC|No space left on device/

/** Says a full disk in plain words, whichever program met it. Any other error is thrown as it is. */
export async function explainFullDisk<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const text = String(error)
    if (!FULL.test(text)) throw error
    const places = [cacheFolder(), join(root, 'dist')]
    const free = await Promise.all(places.map(async (place) => `${place}: ${await megabytes(place)} MB free`))
    throw new Problem({
      where: 'disk',
      what: 'it is full',
      fix: [
        `met by ${text.split('\n')[0]}`,
        ...free,
        'make room, or keep the cache elsewhere: B2P_CACHE=FOLDER ./b2p ...',
      ].join('\n'),
    })
  }
}

async function megabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0 }))
  return Math.floor((bavail * bsize) / 1e6)
}
