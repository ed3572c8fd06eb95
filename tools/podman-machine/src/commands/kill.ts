import type { Command } from '../command.ts'
import { eachLocked, type Work } from '../each-locked.ts'
import { stopForward } from '../forward.ts'
import { mustNotBe } from '../lifecycle.ts'

export const kill: Command = {
  usage: 'kill [NAME...]',
  does: 'Stop machines at once, as if their plugs were pulled',
  examples: ['podman-machine kill', 'podman-machine kill one two'],
  async run(call) {
    const work: Work = async (one) => {
      await mustNotBe(one, 'Stopped')
      await one.driver.kill(one.machine)
      await stopForward(one.machine)
    }
    await eachLocked(call, work, (name) => `Machine "${name}" was killed.`)
  },
}
