import { cacheFolder, Problem } from '@boot2podman/kit'

const FULL = /ENOSPC|No space left on device|enough free space/i
const OFFLINE =
  /Could not resolve|Temporary failure|Name or service not known|no such host|dial tcp|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|Connection refused|Could not connect|Unable to connect|Network is unreachable|network failure/i

/** Says a full disk and a missing network in plain words, whichever program met them. `where` is the package's folder. */
export async function clear<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw plain(where, error) ?? error
  }
}

function plain(where: string, error: unknown): Problem | undefined {
  const text = error instanceof Error ? `${error.message} ${error.cause ?? ''}` : ''
  if (FULL.test(text)) {
    return new Problem({
      where: cacheFolder(),
      what: `the disk is full: the source of ${where} does not fit`,
      fix: 'make room there, or keep the cache elsewhere: B2P_CACHE=FOLDER ./b2p ...\nit then goes on from here',
    })
  }
  if (OFFLINE.test(text)) {
    return new Problem({
      where,
      what: 'its source is not in the cache yet, and the network cannot be reached',
      fix: ['what failed:', ...text.trim().split('\n').slice(-3)].join('\n'),
    })
  }
  return undefined
}
