import { Problem } from '@boot2podman/kit'
import type { Chosen } from './chosen.ts'
import type { DriverSettings, Progress } from './drivers/driver.ts'
import { fetchIso, type Iso } from './iso/cache.ts'
import { type Images, keepPrevious } from './iso/machine-iso.ts'
import { type Wanted, wantedSource } from './iso/source.ts'
import { bringUp, shutDown } from './lifecycle.ts'
import { type Machine, save } from './machine.ts'
import { stateOf } from './states.ts'

/** Of drivers whose machines boot an ISO of ours. */
interface Booting extends DriverSettings, Images, Wanted {}

interface Upgradable {
  machine: Machine<Booting>
  driver: Chosen['driver']
}

/** Gives a machine the ISO that is at `source` now, or at where its own came from. Called under its lock. */
export async function upgradeTo(one: Chosen, source: string | undefined, progress: Progress): Promise<void> {
  const { machine, driver } = upgradable(one)
  const { store, files, config } = machine
  const now = config.Driver.ISO
  const next = await fetchIso(store, source ?? wantedSource(config.Driver), progress)
  if (next.SHA256 === now.SHA256) {
    progress.say(`it has this ISO already: ${describe(now)}`)
  } else {
    progress.say(`from ${describe(now)} to ${describe(next)}`)
    await keepPrevious(store, files, now)
    await swap({ machine, driver }, { ISO: next, PreviousISO: now }, progress)
  }
  if (source === undefined) return
  // From now on that is where it looks.
  config.Driver.Boot2PodmanURL = source
  await save(machine)
}

/** Gives a machine the ISO that it had before its last upgrade. */
export async function goBack(one: Chosen, progress: Progress): Promise<void> {
  const { machine, driver } = upgradable(one)
  const { ISO: now, PreviousISO: before } = machine.config.Driver
  if (before === undefined) {
    throw new Problem({ where: 'Error', what: `"${machine.name}" has no ISO to go back to` })
  }
  progress.say(`from ${describe(now)} back to ${describe(before)}`)
  await swap({ machine, driver }, { ISO: before, PreviousISO: now }, progress)
}

/**
 * The configuration is what is swapped, in one step; the start puts the ISO in its place (iso/machine-iso.ts). A machine that does not
 * answer with it gets the former configuration again.
 */
async function swap(one: Upgradable, images: Required<Images>, progress: Progress): Promise<void> {
  const { machine, driver } = one
  const former = images.PreviousISO
  const ran = (await stateOf(one)) !== 'Stopped'
  if (ran) await shutDown(one, progress)
  await use(machine, images)
  try {
    await bringUp(one, progress)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    progress.say(error.message)
    progress.say(`it does not come up with ${describe(images.ISO)}: going back`)
    await driver.kill(machine)
    await use(machine, { ISO: former })
    await bringUp(one, progress)
    if (!ran) await shutDown(one, progress)
    throw new Problem({
      where: 'Error',
      what: `"${machine.name}" does not come up with ${describe(images.ISO)}: it has the one before again`,
      fix: `what that one's console said: ${machine.files.console}.1`,
    })
  }
  if (!ran) {
    progress.say('it came up; it was stopped before, so it is stopped again')
    await shutDown(one, progress)
  }
  progress.say(
    `it has ${describe(images.ISO)} now; to go back: podman-machine upgrade --back ${machine.name}`,
  )
}

async function use(machine: Machine<Booting>, images: Images): Promise<void> {
  const { ISO, PreviousISO, ...rest } = machine.config.Driver
  machine.config.Driver = { ...rest, ...images }
  await save(machine)
}

function upgradable({ machine, driver }: Chosen): {
  machine: Machine<Booting & { ISO: Iso }>
  driver: Chosen['driver']
} {
  if ((machine as Machine<Booting>).config.Driver.ISO !== undefined) {
    return { machine: machine as Machine<Booting & { ISO: Iso }>, driver }
  }
  throw new Problem({
    where: 'Error',
    what: `"${machine.name}" has no ISO of ours: its driver is ${driver.name}`,
    fix: 'it is upgraded as its own system is',
  })
}

function describe({ Volume, SHA256, Source }: Iso): string {
  return `${Volume} ${SHA256.slice(0, 12)} (${Source})`
}
