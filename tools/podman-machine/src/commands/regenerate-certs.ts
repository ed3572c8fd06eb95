import { ask } from '../ask.ts'
import type { Command } from '../command.ts'
import { provision } from './provision.ts'

export const regenerateCerts: Command = {
  usage: 'regenerate-certs [options] [NAME...]',
  does: 'Was for TLS certificates; today it sets up machines again, as provision does',
  more: `There are no certificates any more: whoever speaks to a machine does so over SSH, with the key in the machine's folder, and the machine is known by its host key.`,
  options: [
    { name: 'force', short: 'f', does: 'do not ask' },
    { name: 'client-certs', does: 'not used: there are none' },
  ],
  examples: ['podman-machine regenerate-certs --force box'],
  async run(call) {
    console.log(
      'There are no TLS certificates: SSH has taken their place, with a key and a host key for each machine.',
    )
    if (!call.values.flag('force') && !(await ask('Set up the machines again? (y/n): '))) return
    await provision.run(call)
  },
}
