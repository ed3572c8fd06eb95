import { Problem } from '@boot2podman/kit'
import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { follow, tail } from '../log.ts'

export const logs: Command = {
  usage: 'logs [options] [NAME]',
  does: "Show what a machine's console said since its last start",
  more: 'What it said in the run before that lies beside it, in console.log.1.',
  options: [
    { name: 'follow', short: 'f', does: 'go on with what it says now, until Ctrl-C' },
    { name: 'tail', short: 'n', value: 'LINES', does: 'begin with so many of the last lines' },
  ],
  examples: ['podman-machine logs', 'podman-machine logs -f box', 'podman-machine logs -n 20 box'],
  words: [0, 1],
  async run(call) {
    const { machine, driver } = await chosen(call, call.words[0])
    const file = driver.log?.(machine)
    if (file === undefined) {
      throw new Problem({
        where: 'Error',
        what: `the driver ${driver.name} has no log of the console of "${machine.name}"`,
      })
    }
    const lines = call.values.has('tail') ? call.values.whole('tail', 0) : undefined
    const read = await tail(file, lines)
    if (read === undefined) {
      throw new Problem({
        where: file,
        what: `"${machine.name}" was not started yet`,
        fix: `podman-machine start ${machine.name}`,
      })
    }
    const write = (text: Uint8Array) => process.stdout.write(text)
    write(read.text)
    if (call.values.flag('follow')) await follow(file, read.end, write)
  },
}
