import { chosen, chosenNames } from '../chosen.ts'
import type { Command } from '../command.ts'
import { mustRun } from '../states.ts'

export const ip: Command = {
  usage: 'ip [NAME...]',
  does: 'Tell the address of machines, a line each',
  examples: ['podman-machine ip box'],
  async run(call) {
    for (const name of await chosenNames(call)) {
      const one = await chosen(call, name)
      await mustRun(one, 'Cannot tell the IP address')
      console.log(await one.driver.ip(one.machine))
    }
  },
}
