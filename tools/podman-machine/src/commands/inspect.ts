import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { compile } from '../go-template.ts'

export const inspect: Command = {
  usage: 'inspect [options] [NAME]',
  does: 'Show all that is noted about a machine, as JSON',
  options: [
    {
      name: 'format',
      short: 'f',
      value: 'TEMPLATE',
      does: 'a Go template over it; it has the functions json and prettyjson',
    },
  ],
  examples: ['podman-machine inspect box', `podman-machine inspect --format '{{.Driver.SSHPort}}' box`],
  words: [0, 1],
  async run(call) {
    const format = call.values.text('format')
    const template = format === '' ? undefined : compile(format, '--format')
    const { machine } = await chosen(call, call.words[0])
    console.log(template ? template(machine.config) : JSON.stringify(machine.config, null, 4))
  },
}
