import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { inTerminal } from '../processes.ts'
import { sshArguments, sshTarget } from '../ssh.ts'
import { mustRun } from '../states.ts'

export const ssh: Command = {
  usage: 'ssh [NAME] [ARGUMENT...]',
  does: 'Log in to a machine, or run a command in it',
  more: `What comes after the name goes to OpenSSH's ssh as it is: a command, or options, and a command after --. The exit code is that of the command.`,
  examples: [
    'podman-machine ssh box',
    'podman-machine ssh box sudo podman ps',
    'podman-machine ssh box -L 8080:localhost:8080 -N',
  ],
  raw: true,
  async run(call) {
    const [first, ...rest] = call.words
    const named = first !== undefined && !first.startsWith('-')
    const one = await chosen(call, named ? first : undefined)
    const target = sshTarget(one.machine, one.driver)
    await mustRun(one, 'Cannot run SSH command')
    const args = named ? rest : call.words
    process.exitCode = await inTerminal('ssh', [...sshArguments(one.machine, target), ...args])
  },
}
