import { Problem, writeAtomic } from '@boot2podman/kit'
import type { Chosen } from './chosen.ts'
import type { Progress } from './drivers/driver.ts'
import { engineOf, engineUrl } from './engine.ts'
import { canForward, ensureForward, stopForward } from './forward.ts'
import { save } from './machine.ts'
import { addConnection, removeConnection } from './podman-connection.ts'
import { provision } from './provision.ts'
import { awaitSsh } from './ready.ts'
import { sshConfig } from './ssh.ts'
import { stateOf } from './states.ts'

/** Brings the creation of a machine to its end, if it was broken off. */
export async function finishCreation({ machine, driver }: Chosen, progress: Progress): Promise<void> {
  if (machine.config.Created) return
  progress.say('its creation was broken off: going on with it')
  await driver.create(machine, progress)
  machine.config.Created = true
  await save(machine)
}

/** Starts a machine, and returns when its engine can be spoken to. */
export async function bringUp(one: Chosen, progress: Progress): Promise<void> {
  await one.driver.start(one.machine, progress)
  await makeReady(one, progress)
}

/** What follows a start: waits until it answers, names it, and tells podman and docker of this computer where it is. */
export async function makeReady(one: Chosen, progress: Progress): Promise<void> {
  const { machine, driver } = one
  const target = driver.ssh(machine)
  if (!target) {
    await addConnection(machine, await driver.url(machine), '', (line) => progress.say(line))
    return
  }
  await awaitSsh(one, target, progress)
  await driver.settle?.(machine, progress)
  await provision(one, target, progress)
  progress.phase('connecting podman and docker')
  await writeAtomic(machine.files.sshConfig, sshConfig([[machine, target]]))
  const engine = engineOf(machine, driver)
  const url = engineUrl(target.host, target.port, engine)
  await addConnection(machine, url, target.key ?? '', (line) => progress.say(line))
  if (canForward) {
    // Everything else works without it, and `env` tries again.
    await ensureForward(machine, target, engine).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error
      progress.say(error.message)
    })
  }
}

/** Stops a machine. */
export async function shutDown({ machine, driver }: Chosen, progress: Progress): Promise<void> {
  // A driver that stops nothing says so before anything is taken away.
  await driver.stop(machine, progress)
  await stopForward(machine)
}

/** Takes away all that is not in the machine's folder. */
export async function takeAway({ machine, driver }: Chosen): Promise<void> {
  const url = driver.ssh(machine) ? undefined : await driver.url(machine)
  await stopForward(machine)
  await driver.remove(machine)
  await removeConnection(machine, url)
}

/** The state that a verb would bring about is there already. */
export async function mustNotBe(one: Chosen, state: 'Running' | 'Stopped'): Promise<void> {
  if ((await stateOf(one)) !== state) return
  throw new Problem({
    where: 'Error',
    what: `Machine "${one.machine.name}" is already ${state.toLowerCase()}.`,
  })
}
