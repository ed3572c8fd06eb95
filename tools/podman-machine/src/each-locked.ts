import { type Chosen, chosen, forEach } from './chosen.ts'
import type { Call } from './command.ts'
import { locked } from './lock.ts'
import { Phases } from './phases.ts'

/** What is done with one machine. */
export type Work = (one: Chosen, phases: Phases) => Promise<void>

/** Does the same with each machine, at the same time, while no other podman-machine works on it. `done` is said then. */
export async function eachLocked(
  call: Pick<Call, 'store' | 'words'>,
  work: Work,
  done?: (name: string) => string,
): Promise<void> {
  await forEach(call, async ({ machine }) => {
    const phases = new Phases(machine.name)
    const say = (line: string) => console.log(line)
    // As it is now, not as it was before the wait.
    await locked(machine, say, async () => await work(await chosen(call, machine.name), phases))
    if (done) console.log(done(machine.name))
  })
}
