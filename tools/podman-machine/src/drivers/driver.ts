import type { Machine } from '../machine.ts'
import type { Option, OptionValues } from '../option.ts'

/** A machine of these is ready for a start or for a stop when it is not in this state already. */
export type State = 'Running' | 'Paused' | 'Saved' | 'Stopped' | 'Stopping' | 'Starting' | 'Error' | 'Timeout'

/** What every driver keeps under `Driver` in config.json. */
export interface DriverSettings {
  IPAddress: string
  MachineName: string
  SSHUser: string
  SSHPort: number
  SSHKeyPath: string
  StorePath: string
}

/** How the machine is logged in to. Without a key ssh uses the user's own ways. */
export interface SshTarget {
  host: string
  port: number
  user: string
  key?: string
}

/** Where Podman's API is: as which user, at which socket of the machine. */
export interface Engine {
  user: string
  socket: string
}

/** What `podman-machine set` may change; the sizes in MB. */
export interface Changes {
  memory?: number
  cpus?: number
  diskSize?: number
  publish?: readonly string[]
}

/** Tells somebody who waits what is being done. */
export interface Progress {
  /** From now on it is this that is done: `making the disk`. One line each. */
  phase(name: string): void
  /** A line of its own. */
  say(line: string): void
}

/**
 * What runs machines of one kind. `S`: what it keeps under `Driver` in config.json. A driver that changes it calls `save` of machine.ts.
 * All but state, ssh, ip, url and log are called under the machine's lock.
 */
export interface Driver<S extends DriverSettings = DriverSettings> {
  readonly name: string
  /** Flags of `create`. One that has `memory`, `cpus` or `disk-size` as an alias is what `--memory` and so on mean. */
  readonly options: readonly Option[]
  /** Of the flags; IPAddress, MachineName and StorePath are filled in after it. Wrong values are a UsageProblem. */
  settings(values: OptionValues): Omit<S, 'MachineName' | 'StorePath'>
  /** Makes the machine's files in its folder, which has config.json already, with `Created` false. */
  create(machine: Machine<S>, progress: Progress): Promise<void>
  /** Returns when the machine runs. That it answers is waited for afterwards, in ready.ts. */
  start(machine: Machine<S>, progress: Progress): Promise<void>
  /** Called when it answers, after each start: what it is still to be given. */
  settle?(machine: Machine<S>, progress: Progress): Promise<void>
  /** Of `podman-machine set`: what counts from the next start on. */
  change?(machine: Machine<S>, changes: Changes): Promise<void>
  /** Returns when it has stopped. */
  stop(machine: Machine<S>, progress: Progress): Promise<void>
  kill(machine: Machine<S>): Promise<void>
  /** All that is not in the machine's folder: running programs, entries elsewhere. Works on a half-made machine too. */
  remove(machine: Machine<S>): Promise<void>
  state(machine: Machine<S>): Promise<State>
  /** Nothing, when this machine is not logged in to at all. */
  ssh(machine: Machine<S>): SshTarget | undefined
  /** As root at /run/podman/podman.sock, if it does not say. */
  engine?(machine: Machine<S>): Engine
  /** Where a cluster's API server is reached from here, if not at the machine's address; undefined: nowhere. */
  apiServer?(machine: Machine<S>): { host: string; port: number } | undefined
  ip(machine: Machine<S>): Promise<string>
  /** `tcp://IP`; empty when it is stopped. */
  url(machine: Machine<S>): Promise<string>
  /** The file that the console is logged to. */
  log?(machine: Machine<S>): string
}
