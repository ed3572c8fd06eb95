import { Problem, type Trouble } from '@boot2podman/kit'
import type { Call } from './command.ts'
import type { Driver } from './drivers/driver.ts'
import { findDriver } from './drivers/find.ts'
import { list, load, type Machine } from './machine.ts'
import { UsageProblem } from './usage-problem.ts'

export const DEFAULT_NAME = 'box'

/** A machine, with what drives it. */
export interface Chosen {
  machine: Machine
  driver: Driver
}

/** The machine that a call names, as its first word, or else "box". */
export async function chosen(call: Pick<Call, 'store'>, name: string | undefined): Promise<Chosen> {
  const machine = await load(call.store, name ?? (await defaultName(call)))
  return { machine, driver: await findDriver(machine.config.DriverName) }
}

/** The names that a call has, each once, or else "box". */
export async function chosenNames(call: Pick<Call, 'store' | 'words'>): Promise<string[]> {
  return call.words.length > 0 ? [...new Set(call.words)] : [await defaultName(call)]
}

/** Does the same with each machine, at the same time. What goes wrong is told together. */
export async function forEach(
  call: Pick<Call, 'store' | 'words'>,
  work: (chosen: Chosen) => Promise<void>,
): Promise<void> {
  const names = await chosenNames(call)
  await together(names, async (name) => await work(await chosen(call, name)))
}

/** Does the same with each, at the same time. What goes wrong is told together. */
export async function together<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(all.map(work))
  const troubles: Trouble[] = []
  let usage = true
  for (const result of results) {
    if (result.status === 'fulfilled') continue
    if (!(result.reason instanceof Problem)) throw result.reason
    usage &&= result.reason instanceof UsageProblem
    troubles.push(...result.reason.troubles)
  }
  const [first, ...rest] = troubles
  if (first) throw usage ? new UsageProblem(first, ...rest) : new Problem(first, ...rest)
}

async function defaultName({ store }: Pick<Call, 'store'>): Promise<string> {
  const all = await list(store)
  if (all.some(({ name }) => name === DEFAULT_NAME)) return DEFAULT_NAME
  throw new Problem({
    where: 'Error',
    what: `No machine name(s) specified and no "${DEFAULT_NAME}" machine exists`,
    fix:
      all.length > 0
        ? `there are: ${all.map(({ name }) => name).join(', ')}`
        : `to make it: podman-machine create ${DEFAULT_NAME}`,
  })
}
