import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, run } from '@boot2podman/kit'
import { asRoot } from './namespace.ts'

/** A folder of this process's own, in the cache: so what is made in it can be renamed to its place there. */
export interface WorkFolder extends AsyncDisposable {
  path: string
}

/**
 * Makes a folder that is gone when its `await using` block ends, whatever a build left in it.
 * Folders of processes that were killed are removed first.
 */
export async function workFolder(): Promise<WorkFolder> {
  const base = cacheFolder('work')
  await mkdir(base, { recursive: true })
  await sweep(base)
  const path = join(base, `${owner(process.pid)}.${randomUUID().slice(0, 8)}`)
  await mkdir(path)
  return { path, [Symbol.asyncDispose]: () => remove(path) }
}

async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const [namespace, pid] = name.split('-')
    // A process number means nothing in another container that shares this cache: it sweeps its own.
    if (namespace !== pidNamespace() || owner(Number(pid)) === name.split('.')[0]) continue
    await remove(join(base, name))
  }
}

/** A process by namespace, number and start: numbers are used again, these three together are not. */
function owner(pid: number): string | undefined {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return undefined
  // Field 22; the second one is the program's name and may hold blanks.
  const start = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ')[19]
  return `${pidNamespace()}-${pid}-${start}`
}

function pidNamespace(): string {
  return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
}

/** overlayfs leaves a folder that even its owner may not look into, and a build may take the right to write away. */
async function remove(path: string): Promise<void> {
  await run(...asRoot('rm', ['-rf', '--', path]))
}
