import type { Command } from '../command.ts'
import { eachLocked, type Work } from '../each-locked.ts'
import { bringUp, finishCreation, shutDown } from '../lifecycle.ts'
import { stateOf } from '../states.ts'

export const restart: Command = {
  usage: 'restart [NAME...]',
  does: 'Stop machines and start them again; those that are stopped are started',
  examples: ['podman-machine restart', 'podman-machine restart one two'],
  async run(call) {
    const work: Work = async (one, phases) => {
      await finishCreation(one, phases)
      if ((await stateOf(one)) !== 'Stopped') await shutDown(one, phases)
      await bringUp(one, phases)
    }
    await eachLocked(call, work, (name) => `Machine "${name}" was restarted.`)
  },
}
