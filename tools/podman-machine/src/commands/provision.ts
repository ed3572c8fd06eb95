import type { Command } from '../command.ts'
import { eachLocked } from '../each-locked.ts'
import { makeReady } from '../lifecycle.ts'
import { mustBeComplete, mustRun } from '../states.ts'

export const provision: Command = {
  usage: 'provision [NAME...]',
  does: 'Set up running machines again: their names, and how podman and docker reach them',
  examples: ['podman-machine provision'],
  async run(call) {
    await eachLocked(call, async (one, phases) => {
      mustBeComplete(one)
      await mustRun(one, 'Cannot provision')
      await makeReady(one, phases)
    })
  },
}
