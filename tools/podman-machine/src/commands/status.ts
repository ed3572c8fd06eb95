import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { stateOf } from '../states.ts'

export const status: Command = {
  usage: 'status [options] [NAME]',
  does: 'Tell the state of a machine, in one word',
  more: 'One of Running, Paused, Saved, Stopped, Stopping, Starting, Error, Timeout.',
  options: [{ name: 'json', does: 'as JSON, for programs' }],
  examples: ['podman-machine status box'],
  words: [0, 1],
  async run(call) {
    const one = await chosen(call, call.words[0])
    const State = await stateOf(one)
    console.log(call.values.flag('json') ? JSON.stringify({ Name: one.machine.name, State }) : State)
  },
}
