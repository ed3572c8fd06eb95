import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as streamText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '@boot2podman/kit'
import { freePort, type Machine, type MachineSpec } from '@boot2podman/qemu'

export type Ssh = Awaited<ReturnType<typeof sshAccess>>

/** A key made for a test, and OpenSSH's own programs with it; its files go with the block that holds it. */
export async function sshAccess() {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-ssh-'))
  const key = join(folder, 'key')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'tester', '-f', key])
  const publicKey = (await readFile(`${key}.pub`, 'utf8')).trim()
  const port = await freePort()
  // Nothing of the host's own: neither its settings, nor its agent, nor the machines that it knows.
  const settings = { IdentitiesOnly: 'yes', IdentityAgent: 'none', BatchMode: 'yes', LogLevel: 'ERROR' }
  const unknown = { StrictHostKeyChecking: 'no', UserKnownHostsFile: '/dev/null' }
  const config = join(folder, 'config')
  const lines = Object.entries({ HostName: '127.0.0.1', Port: port, ...settings, ...unknown })
  await writeFile(config, `Host box\n${lines.map(([name, value]) => `  ${name} ${value}\n`).join('')}`)
  const common = ['-F', config, '-i', key]

  /** A unix socket of the machine, as one here, for as long as the block lasts. */
  async function forwardSocket(user: string, remote: string) {
    const path = join(await mkdtemp(join(folder, 'forward-')), 'socket')
    const killer = new AbortController()
    const forward = ['-N', '-oExitOnForwardFailure=yes', '-L', `${path}:${remote}`]
    const end = run('ssh', [...common, ...forward, `${user}@box`], { signal: killer.signal })
    const stop = async () => {
      killer.abort()
      await end.catch(() => {})
    }
    try {
      await Promise.race([listens(path), end])
    } catch (error) {
      await stop()
      throw error
    }
    return { path, [Symbol.asyncDispose]: stop }
  }

  /** A folder to put before PATH: whoever runs `ssh` to get to `box` then gets there, with the key of the test. */
  async function commandFolder(): Promise<string> {
    const bin = join(folder, 'bin')
    await mkdir(bin, { recursive: true })
    await writeFile(join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh ${common.join(' ')} "$@"\n`, {
      mode: 0o755,
    })
    return bin
  }

  return {
    folder,
    key,
    commandFolder,
    port,
    publicKey,
    /** For `boot`: port 22 of the machine, and the key handed over by its firmware. */
    spec: {
      forward: [{ host: port, guest: 22 }],
      fwCfg: { 'opt/boot2podman/authorized_keys': `${publicKey}\n` },
    } satisfies Partial<MachineSpec>,
    /** Runs a command in the machine, without a terminal. */
    ssh: (user: string, command: string, ...options: string[]) =>
      run('ssh', [...common, ...options, `${user}@box`, command]),
    scp: (from: string, to: string) => run('scp', ['-q', ...common, from, to]),
    sftp: (user: string, commands: string) =>
      run('sftp', ['-q', ...common, '-b', '-', `${user}@box`], { input: commands }),
    hostKeys: () => hostKeys(port),
    forwardSocket,
    /** Sends a text to a unix socket of the machine by way of one here, and returns the answer. */
    throughSocket: async (user: string, remote: string, text: string) => {
      await using forwarded = await forwardSocket(user, remote)
      const socket = connect(forwarded.path)
      socket.end(text)
      return await streamText(socket)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Waits until a machine listens on port 22, hexadecimal 0016, in state 0A. What sv tells of a service that has just begun is not that. */
export async function sshAnswers(machine: Machine): Promise<void> {
  const listens = `awk '$4 == "0A" { print $2 }' /proc/net/tcp | grep -q ':0016$'`
  await machine.run(`until ${listens}; do sleep 0.2; done`, { timeout: 90 })
}

/** The machine's own keys by their types, once it has all three: sshd starts again when the last one is made. */
async function hostKeys(port: number): Promise<Record<string, string>> {
  for (let attempt = 1; ; attempt++) {
    const scanned = await run('ssh-keyscan', ['-p', String(port), '127.0.0.1']).catch(() => '')
    const keys = scanned.split('\n').flatMap((line) => {
      const [host, type, base64] = line.split(' ')
      return host === '#' || base64 === undefined ? [] : [[type, base64]]
    })
    if (keys.length === 3) return Object.fromEntries(keys)
    if (attempt === 60) throw new Error(`after ${attempt} attempts: ${scanned || 'no SSH at all'}`)
    await sleep(1000)
  }
}

async function listens(socket: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const there = await access(socket).then(
      () => true,
      () => false,
    )
    if (there) return
    if (attempt === 300) throw new Error(`${socket} is not there`)
    await sleep(100)
  }
}
