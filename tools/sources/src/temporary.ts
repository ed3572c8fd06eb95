import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '@boot2podman/kit'
import { isAlive } from './process.ts'

/** A folder beside the store for what is not whole yet: `await using`. What killed processes left there is swept. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const base = cacheFolder('sources', 'part')
  await mkdir(base, { recursive: true })
  for (const name of await readdir(base)) {
    if (!isAlive(Number.parseInt(name, 10))) await rm(join(base, name), { recursive: true, force: true })
  }
  const path = join(base, `${process.pid}-${randomUUID()}`)
  await mkdir(path)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
