import { readFile } from 'node:fs/promises'
import { output } from '../processes.ts'

/** The command line of a process; empty when there is none, or when it is not told. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return line.replaceAll('\0', ' ').trimEnd()
  }
  const [program, ...args] = askFor(process.platform, pid)
  return await output(program, args).then(
    (line) => line.trimEnd(),
    () => '',
  )
}

/** What tells the command line of a process where there is no /proc. */
export function askFor(platform: NodeJS.Platform, pid: number): [string, ...string[]] {
  if (platform !== 'win32') return ['ps', '-ww', '-o', 'args=', '-p', String(pid)]
  const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`
  return ['powershell', '-NoProfile', '-NonInteractive', '-Command', query]
}
