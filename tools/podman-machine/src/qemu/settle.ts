import { readFile, rm } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'
import type { Progress } from '../drivers/driver.ts'
import type { Machine } from '../machine.ts'
import { outcome } from '../processes.ts'
import { sshArguments } from '../ssh.ts'
import { hostKey } from './key.ts'
import type { QemuSettings } from './settings.ts'
import { mountCommand, parseVolume } from './volume.ts'

/** What a machine that answers is still to be given: a key of its own, the right time, and the folders that it shares. */
export async function settle(machine: Machine<QemuSettings>, progress: Progress): Promise<void> {
  const { config, files, name } = machine
  const { IPAddress: host, SSHPort: port, Volumes } = config.Driver
  if (Volumes.length > 0) progress.phase('mounting folders of this computer')
  const key = await readFile(hostKey(files), 'utf8').catch(() => undefined)
  const commands = [
    ...(key === undefined ? [] : [TAKE_HOST_KEY]),
    setClock(Date.now()),
    ...Volumes.map((text, index) => mountCommand(parseVolume(text), index)),
  ]
  const login = sshArguments(machine, { host, port, user: 'root', key: files.key }, ['-oBatchMode=yes'])
  const line = commands.join(' && ')
  const { code, stderr } = await outcome('ssh', [...login, '--', line], { input: key ?? '' })
  if (code !== 0) {
    throw new Problem({
      where: name,
      what: `runs, but was not given all that it should have: ${stderr.trim() || `exit code ${code}`}`,
      fix: `to look at it: podman-machine ssh ${name}`,
    })
  }
  // From now on only the machine has it.
  for (const file of [hostKey(files), `${hostKey(files)}.pub`]) await rm(file, { force: true })
}

/** Unless the machine has made one by now. What goes wrong leaves it as it is without us. */
const TAKE_HOST_KEY =
  '{ test -e /run/sshd/ssh_host_rsa_key || { d=/var/lib/boot2podman/ssh; umask 077; mkdir -p $d && cat >$d/handed && ' +
  'mv $d/handed $d/ssh_host_rsa_key && /usr/local/libexec/ssh/host-key rsa; }; umask 022; true; }'

/**
 * A line for the machine's shell, as root. Its clock is its hardware clock's, which is this computer's, also after a sleep: a
 * service of the machine sees to that. So nothing is done unless they differ by more than the line's own way takes.
 */
export function setClock(now: number): string {
  const seconds = Math.round(now / 1000)
  return (
    `{ d=$(($(date +%s) - ${seconds})); ` +
    `[ $d -ge -2 ] && [ $d -le 10 ] || date -u -s @${seconds} >/dev/null; }`
  )
}
