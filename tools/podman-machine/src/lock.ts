import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cannotWrite, type Machine } from './machine.ts'
import { makeFolder } from './make-folder.ts'
import { isSameProcess, processStart } from './process-start.ts'

interface Owner {
  pid: number
  start?: string
  /** Milliseconds since 1970. */
  since: number
  token: string
}

/** Runs work while no other podman-machine works on this machine. Waits for one that does, and says so once. */
export async function locked<T>(
  machine: Pick<Machine, 'name' | 'store' | 'files'>,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { lock } = machine.files
  let said = false
  const waiting = ({ pid }: Owner) => {
    if (!said) say(`waiting for another podman-machine (pid ${pid}) to be done with "${machine.name}" ...`)
    said = true
  }
  let release: () => Promise<void>
  try {
    release = await take(lock, waiting)
  } catch (error) {
    throw cannotWrite(machine.store, error as NodeJS.ErrnoException)
  }
  try {
    return await work()
  } finally {
    await release()
  }
}

async function take(file: string, waiting: (owner: Owner) => void): Promise<() => Promise<void>> {
  await makeFolder(dirname(file))
  const start = await processStart(process.pid)
  const mine: Owner = { pid: process.pid, ...(start && { start }), since: Date.now(), token: randomUUID() }
  const temporary = `${file}.${mine.token}.part`
  await writeFile(temporary, JSON.stringify(mine), { mode: 0o600 })
  try {
    while (!(await linked(temporary, file))) {
      const owner = await ownerOf(file)
      if (owner === undefined) continue
      if (await isDead(owner)) {
        await takeAway(file, owner)
        continue
      }
      waiting(owner)
      await sleep(100)
    }
  } finally {
    await rm(temporary, { force: true })
  }
  return () => rm(file, { force: true })
}

/** A link is made of a file that is complete: nobody reads a part of it. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function ownerOf(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: 0, since: 0, token: 'broken' }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function isDead({ pid, start, since }: Owner): Promise<boolean> {
  // Before this computer was started, by a good margin: clocks are put right.
  if (since < Date.now() - uptime() * 1000 - 60_000 && start === undefined) return true
  return pid === 0 || !(await isSameProcess(pid, start))
}

/**
 * Takes away the lock of a dead owner. Two may try at the same time, and a lock that one of them has taken since must
 * stay: so the right to take away this one, told by its token, is a lock as well.
 */
async function takeAway(file: string, dead: Owner): Promise<void> {
  const release = await take(`${file}.${dead.token}`, () => {})
  try {
    if ((await ownerOf(file))?.token === dead.token) await rm(file, { force: true })
  } finally {
    await release()
  }
}
