import type { Command } from '../command.ts'
import { eachLocked, type Work } from '../each-locked.ts'
import { mustNotBe, shutDown } from '../lifecycle.ts'

export const stop: Command = {
  usage: 'stop [NAME...]',
  does: 'Stop machines: containers have their time to end, disks are written',
  examples: ['podman-machine stop', 'podman-machine stop one two'],
  async run(call) {
    const work: Work = async (one, phases) => {
      await mustNotBe(one, 'Stopped')
      await shutDown(one, phases)
    }
    await eachLocked(call, work, (name) => `Machine "${name}" was stopped.`)
  },
}
