import { join } from 'node:path'
import { freePort, type Machine, type MachineSpec, start } from '@boot2podman/qemu'
import { expect, inject, onTestFailed } from 'vitest'

const LOGS = join(import.meta.dirname, '../../dist/test')

export interface SharedMachine {
  machine: Machine
  /** The port of the host's loopback that leads to the machine's port 8080. */
  port: number
}

let shared: Promise<SharedMachine> | undefined

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

/** The machine that tests share which leave nothing behind: 1 GB, booted from a CD on IDE, once for each worker. */
export async function sharedMachine(): Promise<SharedMachine> {
  shared ??= startShared()
  const { machine, port } = await shared
  tellOnFailure(machine)
  await machine.ready()
  return { machine, port }
}

async function startShared(): Promise<SharedMachine> {
  const port = await freePort()
  const spec = { memory: 1024, forward: [{ host: port, guest: 8080 }] }
  return { machine: await startLogged(spec, `shared-${process.env.VITEST_POOL_ID}`), port }
}

async function startLogged(spec: Partial<MachineSpec>, name: string): Promise<Machine> {
  const medium = { file: inject('iso'), as: 'ide-cd' as const }
  const whole = { medium, memory: 256, accelerator: inject('accelerator'), ...spec }
  return await start(whole, join(LOGS, `${name}.log`))
}

function tellOnFailure({ log, byHand }: Machine): void {
  onTestFailed(() => console.error(`its console: ${log}\nto boot that very machine: ${byHand}`))
}
