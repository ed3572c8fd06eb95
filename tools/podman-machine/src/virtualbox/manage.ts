import { join } from 'node:path'
import type { State } from '../drivers/driver.ts'
import { outcome, output } from '../processes.ts'

/** Windows' installer puts its folder into a variable, not into PATH. */
export const VBOXMANAGE = programOf(process.env)

export function programOf(env: NodeJS.ProcessEnv): string {
  const folder = env.VBOX_INSTALL_PATH || env.VBOX_MSI_INSTALL_PATH
  return folder ? join(folder, 'VBoxManage') : 'VBoxManage'
}

/** Runs them one after the other. */
export async function vboxManage(...commands: string[][]): Promise<void> {
  for (const command of commands) await output(VBOXMANAGE, command)
}

/** Whether it went well. */
export async function mayFail(command: string[]): Promise<boolean> {
  return (await outcome(VBOXMANAGE, command)).code === 0
}

/** What `showvminfo` tells; undefined: VirtualBox has no such machine. */
export async function info(name: string): Promise<Map<string, string> | undefined> {
  const { code, stdout } = await outcome(VBOXMANAGE, ['showvminfo', name, '--machinereadable'])
  return code === 0 ? parseInfo(stdout) : undefined
}

/** Lines of NAME="VALUE", where either may lack its quotation marks. */
export function parseInfo(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^"?([^"=]+)"?="?(.*?)"?$/.exec(line))
  return new Map(lines.flatMap((match) => (match ? [[match[1] ?? '', match[2] ?? '']] : [])))
}

const STATES: Record<string, State> = {
  running: 'Running',
  paused: 'Paused',
  saved: 'Saved',
  saving: 'Stopping',
  stopping: 'Stopping',
  poweroff: 'Stopped',
  aborted: 'Stopped',
  'aborted-saved': 'Saved',
  starting: 'Starting',
  restoring: 'Starting',
}

export function stateOf(told: ReadonlyMap<string, string> | undefined): State {
  return told ? (STATES[told.get('VMState') ?? ''] ?? 'Error') : 'Stopped'
}
