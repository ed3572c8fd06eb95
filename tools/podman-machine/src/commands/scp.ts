import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { chosen } from '../chosen.ts'
import type { Call, Command } from '../command.ts'
import { type Place, parsePlace } from '../place.ts'
import { inTerminal } from '../processes.ts'
import { sshConfig, sshTarget } from '../ssh.ts'
import { mustRun } from '../states.ts'

export const scp: Command = {
  usage: 'scp [options] FROM TO',
  does: 'Copy files between machines, or between a machine and here',
  more: 'FROM and TO: [[USER@]NAME:]PATH. Without a name, or with localhost, it is here.',
  options: [
    { name: 'recursive', short: 'r', does: 'folders with all that is in them' },
    {
      name: 'delta',
      short: 'd',
      does: 'only what is different, by rsync, which the machine has to have too',
    },
    { name: 'quiet', short: 'q', does: 'no progress' },
  ],
  examples: ['podman-machine scp box:/etc/os-release .', 'podman-machine scp -r site box:/home/tc'],
  words: [2, 2],
  async run(call) {
    const [from, to] = call.words.map((word) => parsePlace(word)) as [Place, Place]
    const delta = call.values.flag('delta')
    if (delta && from.machine !== undefined && to.machine !== undefined) {
      throw new Problem({
        where: 'Error',
        what: 'rsync cannot copy from one machine to another',
        fix: 'leave --delta out',
      })
    }
    const folder = await mkdtemp(join(tmpdir(), 'podman-machine-'))
    try {
      const config = join(folder, 'ssh_config')
      await writeFile(config, await configOf(call, [from, to]))
      const args = delta ? rsyncArguments(call, config) : scpArguments(call, config)
      const program = delta ? 'rsync' : 'scp'
      process.exitCode = await inTerminal(program, [...args, '--', word(from), word(to)])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function configOf(call: Call, places: readonly Place[]): Promise<string> {
  const names = new Set(places.flatMap(({ machine }) => (machine === undefined ? [] : [machine])))
  const machines = await Promise.all(
    [...names].map(async (name) => {
      const one = await chosen(call, name)
      const target = sshTarget(one.machine, one.driver)
      await mustRun(one, 'Cannot copy')
      return [one.machine, target] as const
    }),
  )
  return sshConfig(machines)
}

function scpArguments({ values }: Call, config: string): string[] {
  return [
    ...['-3', '-F', config],
    ...(values.flag('quiet') ? ['-q'] : []),
    ...(values.flag('recursive') ? ['-r'] : []),
  ]
}

function rsyncArguments({ values }: Call, config: string): string[] {
  return [
    ...['-t', '-p', '-e', `ssh -F '${config}'`],
    ...(values.flag('quiet') ? ['-q'] : ['--progress']),
    ...(values.flag('recursive') ? ['-r', '-l'] : []),
  ]
}

/** As scp and rsync want it: a path here that has a colon in it must not look like a host. */
function word({ machine, user, path }: Place): string {
  if (machine === undefined) return /^[^/]*:/.test(path) && !/^[A-Za-z]:[\\/]/.test(path) ? `./${path}` : path
  return `${user === undefined ? '' : `${user}@`}${machine}:${path}`
}
