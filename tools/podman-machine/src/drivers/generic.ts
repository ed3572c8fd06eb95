import { chmod, copyFile, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { save } from '../machine.ts'
import { isReachable } from '../reachable.ts'
import { inMachine } from '../ssh.ts'
import { UsageProblem } from '../usage-problem.ts'
import type { Driver, DriverSettings } from './driver.ts'

export interface GenericSettings extends DriverSettings {
  /** Where the key was; a copy is in the machine's folder. */
  SSHKey: string
  EngineSocket: string
}

/** A computer that is there already, with Podman, reached by SSH. It is neither made, nor started, nor stopped. */
export const generic: Driver<GenericSettings> = {
  name: 'generic',
  options: [
    {
      name: 'generic-ip-address',
      value: 'ADDRESS',
      env: 'GENERIC_IP_ADDRESS',
      does: 'its address or name (required)',
    },
    {
      name: 'generic-ssh-user',
      value: 'USER',
      env: 'GENERIC_SSH_USER',
      default: 'root',
      does: 'who logs in',
    },
    {
      name: 'generic-ssh-key',
      value: 'FILE',
      env: 'GENERIC_SSH_KEY',
      does: 'a private key, which is copied; else those that ssh finds by itself',
    },
    {
      name: 'generic-ssh-port',
      value: 'PORT',
      env: 'GENERIC_SSH_PORT',
      default: '22',
      does: 'the port of SSH',
    },
  ],
  settings(values) {
    const IPAddress = values.text('generic-ip-address')
    if (IPAddress === '') {
      throw new UsageProblem({
        where: '--generic-ip-address',
        what: 'the driver generic needs it',
        fix: 'such as --generic-ip-address 192.168.1.5',
      })
    }
    if (!/^[\w.:%-]+$/.test(IPAddress) || IPAddress.startsWith('-')) {
      throw new UsageProblem({ where: '--generic-ip-address', what: `"${IPAddress}" is no address or name` })
    }
    const SSHPort = values.whole('generic-ssh-port', 1)
    if (SSHPort > 65535) throw new UsageProblem({ where: '--generic-ssh-port', what: 'ports end at 65535' })
    return {
      IPAddress,
      SSHUser: values.text('generic-ssh-user'),
      SSHPort,
      SSHKey: values.text('generic-ssh-key').replace(/^~(?=[\\/])/, homedir()),
      SSHKeyPath: '',
      EngineSocket: '',
    }
  },
  async create(machine, progress) {
    const { Driver } = machine.config
    if (Driver.SSHKey !== '') {
      progress.phase('copying the key')
      Driver.SSHKeyPath = await copyKey(Driver.SSHKey, machine.files.folder)
    }
    progress.phase(`asking ${Driver.IPAddress} by SSH`)
    Driver.EngineSocket = await engineSocket(machine)
    await save(machine)
  },
  async start() {
    throw unsupported('start')
  },
  async stop() {
    throw unsupported('stop')
  },
  async kill() {
    throw unsupported('kill')
  },
  async remove() {},
  async state({ config }) {
    const { IPAddress: host, SSHPort: port } = config.Driver
    return (await isReachable({ host, port }, 10)) ? 'Running' : 'Stopped'
  },
  ssh({ config }) {
    const { IPAddress: host, SSHPort: port, SSHUser: user, SSHKeyPath: key } = config.Driver
    return { host, port, user, ...(key !== '' && { key }) }
  },
  engine({ config }) {
    return { user: config.Driver.SSHUser, socket: config.Driver.EngineSocket }
  },
  async ip({ config }) {
    return config.Driver.IPAddress
  },
  async url({ config }) {
    const host = config.Driver.IPAddress
    return `tcp://${host.includes(':') ? `[${host}]` : host}`
  },
}

function unsupported(verb: string): Problem {
  return new Problem({ where: 'Error', what: `generic driver does not support ${verb}` })
}

async function copyKey(from: string, folder: string): Promise<string> {
  const to = join(folder, 'id')
  try {
    await copyFile(from, to)
    await chmod(to, 0o600)
    // ssh finds out by itself which public key belongs to a key; what it costs is the passphrase.
    await readFile(`${from}.pub`).then(
      () => copyFile(`${from}.pub`, `${to}.pub`),
      () => {},
    )
  } catch (error) {
    throw new Problem({
      where: from,
      what: `cannot be copied: ${(error as Error).message}`,
      fix: '--generic-ssh-key names the file of a private key',
    })
  }
  return to
}

/** Asks the host for its user's socket. So it is known that it can be logged in to, too. */
async function engineSocket(machine: Parameters<typeof generic.state>[0]): Promise<string> {
  const target = generic.ssh(machine)
  if (!target) return ''
  const { code, stdout, stderr } = await inMachine(machine, target, 'id -u')
  if (code !== 0 || !/^\d+$/.test(stdout.trim())) {
    throw new Problem({
      where: `${target.user}@${target.host}:${target.port}`,
      what: 'cannot be logged in to by SSH with a key',
      fix: stderr.trim() || 'it has to take a key, without a password',
    })
  }
  return stdout.trim() === '0' ? '/run/podman/podman.sock' : `/run/user/${stdout.trim()}/podman/podman.sock`
}
