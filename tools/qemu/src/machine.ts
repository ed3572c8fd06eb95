import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '@boot2podman/kit'
import { commandLine, PROGRAM, shellLine } from './command-line.ts'
import { SerialConsole } from './console.ts'
import { outOfMemoryLines } from './kernel-messages.ts'
import { Qmp } from './qmp.ts'
import { Shell, type ShellOptions } from './shell.ts'
import type { MachineSpec } from './spec.ts'

/** Starts a machine. All that its serial console shows is kept in the file `log`, which outlives the machine. */
export async function start(spec: MachineSpec, log: string): Promise<Machine> {
  await mkdir(dirname(log), { recursive: true })
  // A socket's path may have 107 bytes: too few for a folder of the user's choice.
  const folder = await mkdtemp(join(tmpdir(), 'b2p-'))
  const paths = { socket: join(folder, 'console'), qmp: join(folder, 'qmp'), log }
  const killer = new AbortController()
  const exit = run(PROGRAM, commandLine(spec, paths), { signal: killer.signal })
    .finally(() => rm(folder, { recursive: true, force: true }))
    .then(() => {})
  // Whoever waits for the end hears of a failure; nobody has to.
  exit.catch(() => {})
  try {
    const console = await whenThere(() => SerialConsole.open(paths.socket), exit)
    const qmp = await whenThere(() => Qmp.open(paths.qmp), exit)
    return new Machine(spec, log, { console, qmp, exit, killer })
  } catch (error) {
    killer.abort()
    throw error
  }
}

interface Parts {
  console: SerialConsole
  qmp: Qmp
  exit: Promise<void>
  killer: AbortController
}

/** A running machine; it ends with the block that holds it (`await using`). */
export class Machine {
  readonly spec: MachineSpec
  readonly log: string
  readonly console: SerialConsole
  /** Settles when QEMU has ended; rejects when it failed or was killed. */
  readonly exit: Promise<void>
  #qmp: Qmp
  #killer: AbortController
  #shell: Promise<Shell> | undefined

  constructor(spec: MachineSpec, log: string, { console, qmp, exit, killer }: Parts) {
    this.spec = spec
    this.log = log
    this.console = console
    this.exit = exit
    this.#qmp = qmp
    this.#killer = killer
  }

  /** Waits until the console is logged in, at most `timeout` seconds; emulated on a busy host a boot may take a minute. */
  async ready(timeout = 240): Promise<void> {
    this.#shell ??= Shell.at(this.console, timeout)
    await this.#shell
  }

  /** Runs a command at the console, as its user: the standard output, or a CommandError. */
  async run(command: string, options?: ShellOptions): Promise<string> {
    await this.ready()
    const shell = await this.#shell
    if (shell === undefined) throw new Error('no shell after ready()')
    return await shell.run(command, options)
  }

  /** The kernel's messages so far. */
  async kernelLog(): Promise<string> {
    // On the console they could not be told from those that the kernel writes there itself.
    const text = await this.run("sudo dmesg | sed 's/^\\[/</'")
    return text.replace(/^</gm, '[')
  }

  /** What the kernel said about a want of memory, on the console and in its log. */
  async outOfMemory(): Promise<string[]> {
    const log = await readFile(this.log, 'utf8')
    return [...new Set(outOfMemoryLines(`${log}\n${await this.kernelLog()}`))]
  }

  /** Takes the medium out, whether the machine wants it or not. */
  async eject(): Promise<void> {
    if (this.spec.medium?.as === 'usb-stick') await this.#qmp.execute('device_del', { id: 'medium' })
    else await this.#qmp.execute('eject', { id: 'medium', force: true })
  }

  /** Stops its processors, as a host does that sleeps; the hardware clock goes on. */
  async pause(): Promise<void> {
    await this.#qmp.execute('stop')
  }

  async resume(): Promise<void> {
    await this.#qmp.execute('cont')
  }

  async pressPowerButton(): Promise<void> {
    await this.#qmp.execute('system_powerdown')
  }

  /** Shuts the system down from inside, and waits until the machine is off. */
  async shutDown(seconds = 60): Promise<void> {
    await Promise.all([this.off(seconds), this.run('sudo poweroff').catch(() => {})])
  }

  /** Waits until the machine has switched itself off. */
  async off(seconds = 60): Promise<void> {
    const late = sleep(seconds * 1000, undefined, { ref: false }).then(() => {
      throw new Error(`the machine is still on after ${seconds} s; to look at it: ${this.byHand}`)
    })
    await Promise.race([this.exit, late])
  }

  /** Pulls the plug, and waits until QEMU is gone. */
  async kill(): Promise<void> {
    this.#killer.abort()
    await this.exit.catch(() => {})
  }

  /** The line that starts this very machine in a terminal. */
  get byHand(): string {
    return shellLine(this.spec)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}

/** The sockets are there some time after QEMU's start. */
async function whenThere<T>(open: () => Promise<T>, exit: Promise<void>): Promise<T> {
  const failure = exit.then(() => {
    throw new Error('QEMU has ended at once')
  })
  failure.catch(() => {})
  for (;;) {
    const opened = await open().catch(() => undefined)
    if (opened !== undefined) return opened
    await Promise.race([sleep(50), failure])
  }
}
