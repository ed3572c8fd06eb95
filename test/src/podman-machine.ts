import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { inject, onTestFailed } from 'vitest'

const SOURCES = [process.execPath, join(import.meta.dirname, '../../tools/podman-machine/src/cli.ts')]

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

export type Tool = Awaited<ReturnType<typeof podmanMachine>>

/** podman-machine as a user has it: in PATH, with a home and a store of its own. Its machines go with the block that holds it. */
export async function podmanMachine(program: readonly string[] = SOURCES) {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-pm-'))
  const [store, home, bin] = ['store', 'home', 'bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await mkdir(home)
  await mkdir(bin)
  const words = program.map((word) => `'${word}'`).join(' ')
  await writeFile(join(bin, 'podman-machine'), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 })
  // Where podman keeps its connections: root's would be everybody's.
  const containersConf = join(home, 'containers.conf')
  await writeFile(containersConf, '')
  const env = {
    ...process.env,
    PATH: `${bin}:${hostPath()}`,
    HOME: home,
    SHELL: '/bin/bash',
    MACHINE_STORAGE_PATH: store,
    CONTAINERS_CONF: containersConf,
    B2P_ACCEL: inject('accelerator'),
  }

  const begin = (command: string, args: readonly string[]): ChildProcess =>
    spawn(command, args, { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })

  /** Runs podman-machine to its end, whatever that is. */
  async function outcome(...args: string[]): Promise<Outcome> {
    return await ended(begin('podman-machine', args))
  }

  /** What podman-machine printed; a failure is an error with all that it said. */
  async function ok(...args: string[]): Promise<string> {
    return out(['podman-machine', ...args], await outcome(...args))
  }

  /** What a line of bash printed. */
  async function bash(line: string): Promise<string> {
    return out([line], await ended(begin('bash', ['-c', `set -eu -o pipefail\n${line}`])))
  }

  /** Where machines are emulated: what norandmaps does (src/provide-image.ts), now and from each next boot on. */
  async function emulated(machine: string): Promise<void> {
    if (inject('accelerator') !== 'tcg') return
    const setting =
      'echo sysctl = kernel.randomize_va_space 0 | sudo tee -a /var/lib/boot2podman/boot2podman.conf'
    await ok('ssh', machine, `${setting}; echo 0 | sudo tee /proc/sys/kernel/randomize_va_space`)
  }

  return {
    folder,
    store,
    home,
    outcome,
    ok,
    emulated,
    bash,
    begin,
    machineFile: (machine: string, file: string) => join(store, 'machines', machine, file),
    /** The machine's configuration, its driver's part. */
    settings: async (machine: string) =>
      JSON.parse(await readFile(join(store, 'machines', machine, 'config.json'), 'utf8')).Driver,
    /** A failed test tells what the console of a machine said. */
    tellOnFailure: (machine: string) =>
      onTestFailed(async () => console.error((await outcome('logs', '-n', '30', machine)).stdout)),
    [Symbol.asyncDispose]: async () => {
      const names = (await outcome('ls', '-q')).stdout.split('\n').filter((name) => name !== '')
      if (names.length > 0) await outcome('rm', '-f', ...names)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The programs of the host, and none of this repository's: its Node is another. */
export function hostPath(): string {
  return (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules'))
    .join(':')
}

async function ended(child: ChildProcess): Promise<Outcome> {
  const [code, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject)),
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ])
  return { code, stdout, stderr }
}

function out(words: readonly string[], { code, stdout, stderr }: Outcome): string {
  if (code === 0) return stdout
  throw new Error(`${words.join(' ')}\nexit code ${code}\n${stdout}${stderr}`)
}
