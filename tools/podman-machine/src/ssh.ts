import { Problem } from '@boot2podman/kit'
import type { Driver, SshTarget } from './drivers/driver.ts'
import type { Machine } from './machine.ts'
import { type Outcome, outcome } from './processes.ts'

/** How a machine is logged in to. One that is not logged in to at all is a Problem. */
export function sshTarget(machine: Machine, driver: Driver): SshTarget {
  const target = driver.ssh(machine)
  if (target) return target
  throw new Problem({
    where: 'Error',
    what: `"${machine.name}" cannot be logged in to: podman-machine knows only its URL`,
  })
}

/** The settings of OpenSSH for a machine, as its configuration file has them. None of the user's own apply. */
export function sshSettings(machine: Machine, { host, port, user, key }: SshTarget): [string, string][] {
  return [
    ['HostName', host],
    ['Port', String(port)],
    ['User', user],
    ...(key === undefined
      ? []
      : ([
          ['IdentityFile', quoted(key)],
          ['IdentitiesOnly', 'yes'],
        ] as [string, string][])),
    // The machine's own list, by its name: another machine may have had this port before.
    ['UserKnownHostsFile', quoted(machine.files.knownHosts)],
    ['HostKeyAlias', machine.name],
    // Taken at the first contact, compared ever after.
    ['StrictHostKeyChecking', 'accept-new'],
    ['CheckHostIP', 'no'],
    ['HashKnownHosts', 'no'],
    ['ConnectionAttempts', '3'],
    ['ConnectTimeout', '10'],
    ['ControlMaster', 'no'],
    ['ControlPath', 'none'],
    ['LogLevel', 'ERROR'],
    ['PasswordAuthentication', 'no'],
    ['ServerAliveInterval', '60'],
  ]
}

/** Arguments for `ssh`, all but the command: options, and where to. */
export function sshArguments(machine: Machine, target: SshTarget, more: readonly string[] = []): string[] {
  const { host, port, user, key } = target
  const options = sshSettings(machine, target)
    .filter(([name]) => !['HostName', 'Port', 'User', 'IdentityFile'].includes(name))
    .flatMap(([name, value]) => ['-o', `${name}=${value}`])
  return [
    ...['-F', 'none', ...options, ...more],
    ...identity(key),
    ...['-p', String(port), `${user}@${host}`],
  ]
}

/** `-i` looks for the file before it expands what begins with %, and fails when it expands it. */
function identity(key: string | undefined): string[] {
  if (key === undefined) return []
  return key.includes('%') ? ['-o', `IdentityFile=${quoted(key)}`] : ['-i', key]
}

/** A file of settings for OpenSSH, in which machines are hosts by their names. */
export function sshConfig(machines: readonly (readonly [Machine, SshTarget])[]): string {
  return machines
    .map(([machine, target]) => {
      const lines = sshSettings(machine, target).map(([name, value]) => `  ${name} ${value}\n`)
      return `Host ${machine.name} podman-machine-${machine.name}\n${lines.join('')}`
    })
    .join('')
}

/** Runs a command in a machine, without a terminal. `input` is what it reads. */
export async function inMachine(
  machine: Machine,
  target: SshTarget,
  command: string,
  { more = [], input }: { more?: readonly string[]; input?: string } = {},
): Promise<Outcome> {
  const args = [...sshArguments(machine, target, ['-oBatchMode=yes', ...more]), '--', command]
  return await outcome('ssh', args, input === undefined ? {} : { input })
}

/** As OpenSSH wants a path that may hold blanks. */
function quoted(path: string): string {
  // % would begin one of its tokens; a backslash, as on Windows, is one to it only before a quotation mark.
  const text = path.replaceAll('%', '%%')
  return /[\s"]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text
}
