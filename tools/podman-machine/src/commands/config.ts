import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { engineOf } from '../engine.ts'
import { sshTarget } from '../ssh.ts'

export const config: Command = {
  usage: 'config [options] [NAME]',
  does: 'Tell how the engine of a machine is reached, as the flags of an old podman-remote',
  options: [{ name: 'json', does: 'as JSON, for programs' }],
  examples: ['podman-machine config box'],
  words: [0, 1],
  async run(call) {
    const { machine, driver } = await chosen(call, call.words[0])
    const { host, port, key = '' } = sshTarget(machine, driver)
    const values = { username: engineOf(machine, driver).user, host, port, 'identity-file': key }
    if (call.values.flag('json')) console.log(JSON.stringify(values, null, 2))
    else for (const [name, value] of Object.entries(values)) console.log(`--${name}=${value}`)
  },
}
