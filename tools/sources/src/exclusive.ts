import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isAlive } from './process.ts'

/** Does a thing while no other process does what goes by the same lock file. A lock whose owner has ended is void. */
export async function exclusive<T>(
  file: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true })
  const mine = `${file}.${randomUUID()}`
  await writeFile(mine, String(process.pid))
  try {
    while (!(await take(mine, file))) await setTimeout(100, undefined, signal ? { signal } : {})
    try {
      return await work()
    } finally {
      await rm(file)
    }
  } finally {
    await rm(mine)
  }
}

// A link appears with its content or not at all, unlike a file that is made and then written.
async function take(mine: string, file: string): Promise<boolean> {
  try {
    await link(mine, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const owner = await readFile(file, 'utf8').catch(() => '')
  if (owner !== '' && !isAlive(Number(owner))) {
    await rename(file, `${mine}.void`).catch(() => {})
    await rm(`${mine}.void`, { force: true })
  }
  return false
}
