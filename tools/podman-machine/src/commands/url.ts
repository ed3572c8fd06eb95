import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { stateOf } from '../states.ts'

export const url: Command = {
  usage: 'url [NAME]',
  does: 'Tell the URL of a machine; an empty line when it is stopped',
  examples: ['podman-machine url box'],
  words: [0, 1],
  async run(call) {
    const one = await chosen(call, call.words[0])
    console.log((await stateOf(one)) === 'Running' ? await one.driver.url(one.machine) : '')
  },
}
