import { Problem } from '@boot2podman/kit'
import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { list } from '../machine.ts'
import { stateOf } from '../states.ts'

export const active: Command = {
  usage: 'active [options]',
  does: 'Name the machine that this shell speaks to',
  more: 'It is the one whose env was evaluated, $PODMAN_MACHINE_NAME, if it runs.',
  options: [
    { name: 'timeout', short: 't', value: 'SECONDS', default: '10', does: 'how long it may take to answer' },
  ],
  examples: ['podman-machine active'],
  words: [0, 0],
  async run(call) {
    const timeout = call.values.whole('timeout', 1)
    const wanted = process.env.PODMAN_MACHINE_NAME
    const there = (await list(call.store)).some(({ name }) => name === wanted)
    if (there && (await stateOf(await chosen(call, wanted), timeout)) === 'Running') {
      console.log(wanted)
      return
    }
    throw new Problem({ where: 'Error', what: 'No active host found' })
  },
}
