import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * When a process started, in a form that only serves to compare: a number of a process may be another's one day, with its
 * start it is not. Undefined: there is no such process, or this system does not tell.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return await linuxStart(pid)
  if (process.platform === 'win32') return undefined
  return await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  )
}

/** Whether a process runs, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether it is still the process that had this start. Where the system does not tell, its number has to do. */
export async function isSameProcess(pid: number, start: string | undefined): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (start === undefined) return true
  return (await processStart(pid)) === start
}

async function linuxStart(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field, the program's name in brackets, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // One that has ended and that nobody has asked about yet does nothing any more.
    if (fields[0] === 'Z') return undefined
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${boot.trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}
