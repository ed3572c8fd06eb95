import { createWriteStream } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '@boot2podman/kit'
import type { Job, Kind, SourceOf } from './kind.ts'
import type { LockedFile } from './lock.ts'
import { isStored, store, stored } from './store.ts'
import { unpackTar } from './tar.ts'
import { temporaryFolder } from './temporary.ts'

type Url = SourceOf<'url'>

/** A tarball at an address. */
export const url: Kind<Url> = {
  async fetch(job, locked) {
    for (const file of locked) if (!isStored(file.sha256)) await get(job, file)
  },

  async unpack(_job, locked, folder) {
    for (const file of locked) await unpackTar(await stored(file), folder)
  },

  async pin(job) {
    const name = basename(new URL(job.source.url).pathname)
    return { files: [{ name, version: job.pkg.version, sha256: await get(job) }] }
  },
}

async function get({ pkg, source, say, signal }: Job<Url>, locked?: LockedFile): Promise<string> {
  await using part = await temporaryFolder()
  const file = join(part.path, 'tarball')
  say(`fetch ${source.url}`)
  const answer = await fetch(source.url, signal ? { signal } : {})
  if (!answer.ok || !answer.body) {
    throw new Problem({
      where: pkg.folder,
      what: `${source.url} was refused: ${answer.status} ${answer.statusText}`,
      fix: `put the address it has now into ${join(pkg.folder, 'tcz.json')}, then: ./b2p pin ${pkg.name}`,
    })
  }
  try {
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(file))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Problem({
      where: pkg.folder,
      what: `${source.url} broke off: ${error.cause ?? error.message}`,
      fix: 'nothing of it was kept; try again',
    })
  }
  return await store(file, pkg.folder, locked)
}
