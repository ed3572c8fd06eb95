import { randomUUID } from 'node:crypto'
import { access, constants, mkdir, readFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem, writeAtomic } from '@boot2podman/kit'
import { commandLine, type MachineSpec } from '@boot2podman/qemu'
import type { Progress } from '../drivers/driver.ts'
import { deadEnd } from './dead-end.ts'
import { type Instance, isRunning, quit } from './instance.ts'
import { COMPLAINTS, launch } from './launch.ts'
import { freePort } from './port.ts'

type Name = NonNullable<MachineSpec['accelerator']>

/** Which accelerator, and why, for the user to read. */
export interface Acceleration {
  name: Name
  why: string
}

interface Trial {
  program: string
  iso: string
  /** For the trial's files and its result. */
  cache: string
}

interface Result {
  name: Name
  program: string
  /** Of this start of the host: a number that only stays the same until the next. */
  boot: string
  works: boolean
}

const NAMES: readonly Name[] = ['kvm', 'hvf', 'whpx', 'tcg']
/** A system says one of these after all that hangs where acceleration is broken. */
const BOOTED = /Run \S+ as init process|\w+@[\w.-]+:\S* ?[$#] /
const SECONDS = 10

/**
 * What makes the machine quick. That there is something for it proves nothing: in some nested clouds a kernel hangs in it. So
 * the machine itself, without a disk, is booted with it for some seconds, once for each start of this computer. B2P_ACCEL
 * decides without a trial.
 */
export async function acceleration(trial: Trial, progress: Progress): Promise<Acceleration> {
  const forced = process.env.B2P_ACCEL
  if (forced) return { name: checkName(forced), why: 'B2P_ACCEL says so' }
  const candidate = candidateOf(process.platform, process.arch)
  if (candidate === undefined) return { name: 'tcg', why: `nothing else emulates this on ${process.arch}` }
  if (candidate === 'kvm') {
    const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    )
    if (!usable) return { name: 'tcg', why: '/dev/kvm is missing or not for this user' }
  }
  return (await isProved(candidate, trial, progress))
    ? { name: candidate, why: 'a trial boot with it went well' }
    : { name: 'tcg', why: `a trial boot with ${candidate} came to nothing` }
}

/** What a system has to run x86-64 with its own processor. */
export function candidateOf(platform: NodeJS.Platform, arch: string): Name | undefined {
  if (arch !== 'x64') return undefined
  return ({ linux: 'kvm', darwin: 'hvf', win32: 'whpx' } as const)[platform as 'linux' | 'darwin' | 'win32']
}

function checkName(text: string): Name {
  const name = NAMES.find((name) => name === text)
  if (name) return name
  throw new Problem({
    where: 'B2P_ACCEL',
    what: `"${text}" is no accelerator`,
    fix: `expected one of ${NAMES.join(', ')}`,
  })
}

async function isProved(name: Name, trial: Trial, progress: Progress): Promise<boolean> {
  const file = join(trial.cache, 'acceleration.json')
  const boot = await bootOfHost()
  const known: Result | undefined = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)
  if (known?.name === name && known.program === trial.program && known.boot === boot) return known.works
  progress.phase(`trying ${name}`)
  const works = await boots(name, trial)
  await writeAtomic(file, JSON.stringify({ name, program: trial.program, boot, works } satisfies Result))
  return works
}

async function boots(accelerator: Name, { program, iso, cache }: Trial): Promise<boolean> {
  // Always the same, so that one whose podman-machine was killed is found by the next.
  const folder = join(cache, 'trial')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const log = join(folder, 'console.log')
  const uuid = await trialUuid(folder)
  const socket = process.platform !== 'win32'
  const port = socket ? 0 : await freePort()
  const instance: Instance = {
    uuid,
    monitor: socket ? join(folder, 'monitor') : { port },
    pid: join(folder, 'qemu.pid'),
  }
  await quit(instance)
  const place = { file: log, qmp: socket ? 'monitor' : { port }, pidFile: 'qemu.pid', name: 'trial', uuid }
  const spec: MachineSpec = { medium: { file: iso, as: 'ide-cd' }, memory: 256, cpus: 1, accelerator }
  try {
    await writeAtomic(log, '')
    await launch(instance, { program, args: commandLine({ ...spec, network: false }, place), folder })
    for (const end = Date.now() + SECONDS * 1000; Date.now() < end; await sleep(100)) {
      if (BOOTED.test(await readFile(log, 'utf8'))) return true
      if ((await deadEnd(log)) || !(await isRunning(instance))) return false
    }
    return false
  } catch (error) {
    if (error instanceof Problem && !(await readFile(join(folder, COMPLAINTS), 'utf8').catch(() => '')))
      throw error
    return false
  } finally {
    await quit(instance)
  }
}

async function trialUuid(folder: string): Promise<string> {
  const file = join(folder, 'uuid')
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known) return known
  const uuid = randomUUID()
  await writeAtomic(file, uuid)
  return uuid
}

async function bootOfHost(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined)
  // Else the hour that it started in: clocks are put right by seconds.
  return id?.trim() ?? String(Math.round((Date.now() / 1000 - uptime()) / 3600))
}
