import { join } from 'node:path'
import { freePort, type Machine, type MachineSpec, start } from '@boot2podman/qemu'
import { expect, inject, onTestFailed } from 'vitest'

const LOGS = join(import.meta.dirname, '../../dist/test')

export interface SharedMachine {
  machine: Machine
  /** The port of the host's loopback that leads to the machine's port 8080. */
  port: number
}

const CD = () => ({ file: inject('iso'), as: 'ide-cd' as const })

/** Of the machines that run. */
const logs = new Set<string>()

let shared: Promise<SharedMachine> | undefined
let once: Promise<string> | undefined

/** Boots a machine for the running test, to its prompt. A failed test tells its log and the command to boot it by hand. */
export async function boot(spec: Partial<MachineSpec> = {}): Promise<Machine> {
  const machine = await switchOn(spec)
  try {
    await machine.ready()
  } catch (error) {
    await machine.kill()
    throw error
  }
  return machine
}

/** The same without waiting for the prompt. */
export async function switchOn(spec: Partial<MachineSpec>): Promise<Machine> {
  const machine = await startLogged(
    spec,
    (expect.getState().currentTestName ?? 'machine').replace(/\W+/g, '-'),
  )
  tellOnFailure(machine)
  return machine
}

/**
 * The machine that tests share which leave nothing behind: 1 GB, booted from a CD on IDE by firmware and boot loader, once for
 * each worker.
 */
export async function sharedMachine(): Promise<SharedMachine> {
  shared ??= startShared()
  const { machine, port } = await shared
  tellOnFailure(machine)
  // What norandmaps does, whose reason src/provide-image.ts tells.
  if (inject('accelerator') === 'tcg')
    once ??= machine.run('echo 0 | sudo tee /proc/sys/kernel/randomize_va_space')
  await once
  await machine.ready()
  return { machine, port }
}

async function startShared(): Promise<SharedMachine> {
  const port = await freePort()
  const spec = { medium: CD(), memory: 1024, forward: [{ host: port, guest: 8080 }] }
  return { machine: await startLogged(spec, `shared-${process.env.VITEST_POOL_ID}`), port }
}

/**
 * A medium that is named is booted from as a person does it; the others are spared the time that an emulated firmware takes. A
 * small machine has one processor: two that are emulated cost a third more than one, on a host that is busy with other machines.
 */
async function startLogged(spec: Partial<MachineSpec>, name: string): Promise<Machine> {
  const medium = spec.medium ?? CD()
  const direct = spec.medium ? {} : { direct: inject('direct') }
  const memory = spec.memory ?? 256
  const cpus = memory < 1024 ? 1 : 2
  const whole = { memory, cpus, accelerator: inject('accelerator'), ...direct, ...spec, medium }
  const log = freeLog(name)
  logs.add(log)
  const free = () => logs.delete(log)
  try {
    const machine = await start(whole, log)
    machine.exit.then(free, free)
    return machine
  } catch (error) {
    free()
    throw error
  }
}

/** Machines of one test that run side by side have a log each. */
function freeLog(name: string): string {
  let log = join(LOGS, `${name}.log`)
  for (let number = 2; logs.has(log); number++) log = join(LOGS, `${name}-${number}.log`)
  return log
}

function tellOnFailure({ log, byHand }: Machine): void {
  onTestFailed(() => console.error(`its console: ${log}\nto boot that very machine: ${byHand}`))
}
