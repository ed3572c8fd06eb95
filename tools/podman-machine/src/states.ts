import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@boot2podman/kit'
import type { Chosen } from './chosen.ts'
import type { State } from './drivers/driver.ts'

/** The state of a machine; `Timeout` when it does not tell in time, `Error` when it cannot. */
export async function stateOf({ machine, driver }: Chosen, seconds = 10): Promise<State> {
  const timer = new AbortController()
  const late = sleep(seconds * 1000, 'Timeout' as const, { signal: timer.signal }).catch(
    () => 'Timeout' as const,
  )
  try {
    return await Promise.race([driver.state(machine), late])
  } finally {
    timer.abort()
  }
}

/** What can only be done with a running machine is refused with any other. */
export async function mustRun(one: Chosen, what: string): Promise<void> {
  const state = await stateOf(one)
  if (state === 'Running') return
  throw new Problem({
    where: 'Error',
    what: `${what}: Host "${one.machine.name}" is not running`,
    fix: `it is ${state}; to start it: podman-machine start ${one.machine.name}`,
  })
}

/** A machine whose creation was broken off is good for nothing but `rm`. */
export function mustBeComplete({ machine }: Chosen): void {
  if (machine.config.Created) return
  const { name } = machine
  throw new Problem({
    where: 'Error',
    what: `the creation of "${name}" was broken off`,
    fix: `podman-machine start ${name} brings it to its end, podman-machine rm ${name} takes it away`,
  })
}
