import type { Engine, SshTarget } from './drivers/driver.ts'
import type { Machine } from './machine.ts'
import { sshArguments } from './ssh.ts'

/**
 * The command by which a varlink client reaches io.podman of a machine, for the shell that the client runs it with.
 * It leads to one address, past the resolver: what podman-remote upgrades (attach, exec) passes only so.
 */
export function varlinkBridge(
  machine: Machine,
  target: SshTarget,
  engine: Engine,
  platform: NodeJS.Platform = process.platform,
): string {
  const address = `unix:${engine.socket.replace(/[^/]*$/, 'io.podman')}`
  const to = { ...target, user: engine.user }
  const words = ['ssh', '-T', ...sshArguments(machine, to), '--', 'varlink', 'bridge', '--connect', address]
  return words.map((word) => quote(word, platform)).join(' ')
}

function quote(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (platform === 'win32') return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`
  return `'${word.replaceAll("'", `'\\''`)}'`
}
