import type { Command } from '../command.ts'
import { eachLocked, type Work } from '../each-locked.ts'
import { bringUp, finishCreation, mustNotBe } from '../lifecycle.ts'

export const start: Command = {
  usage: 'start [NAME...]',
  does: 'Start machines, and wait until their engines can be spoken to',
  more: 'A creation that was broken off is brought to its end first.',
  examples: ['podman-machine start', 'podman-machine start one two'],
  async run(call) {
    const work: Work = async (one, phases) => {
      await finishCreation(one, phases)
      await mustNotBe(one, 'Running')
      await bringUp(one, phases)
    }
    await eachLocked(call, work, (name) => `Machine "${name}" was started.`)
  },
}
