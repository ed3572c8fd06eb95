import { stat } from 'node:fs/promises'
import { Problem, writeAtomic } from '@boot2podman/kit'
import { chosen, DEFAULT_NAME } from '../chosen.ts'
import type { Command } from '../command.ts'
import { parsePlace } from '../place.ts'
import { inTerminal, outcome } from '../processes.ts'
import { sshConfig, sshTarget } from '../ssh.ts'
import { mustRun } from '../states.ts'

export const mount: Command = {
  usage: 'mount [options] [NAME:]PATH [FOLDER]',
  does: 'Have a folder of a machine as one here, by sshfs',
  more: 'FOLDER is PATH when left out. It has to be there.',
  options: [{ name: 'unmount', short: 'u', does: 'take it away again' }],
  examples: ['podman-machine mount box:/home/tc tc', 'podman-machine mount -u box:/home/tc tc'],
  words: [1, 2],
  async run(call) {
    const { machine: name = DEFAULT_NAME, user, path } = parsePlace(call.words[0] ?? '')
    const folder = call.words[1] ?? path
    if (call.values.flag('unmount')) {
      process.exitCode = await unmount(folder)
      return
    }
    const one = await chosen(call, name)
    const target = sshTarget(one.machine, one.driver)
    await mustRun(one, 'Cannot mount')
    const there = await stat(folder).catch(() => undefined)
    if (!there?.isDirectory()) {
      throw new Problem({ where: folder, what: 'is no folder here', fix: `to make it: mkdir ${folder}` })
    }
    await writeAtomic(one.machine.files.sshConfig, sshConfig([[one.machine, target]]))
    const remote = `${user === undefined ? '' : `${user}@`}${one.machine.name}:${path}`
    process.exitCode = await inTerminal('sshfs', ['-F', one.machine.files.sshConfig, remote, folder])
  },
}

async function unmount(folder: string): Promise<number> {
  if (process.platform !== 'linux') return await inTerminal('umount', [folder])
  // The same program, by the name that it has beside fuse3, and by its old one.
  try {
    const { code, stderr } = await outcome('fusermount3', ['-u', folder])
    process.stderr.write(stderr)
    return code
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return await inTerminal('fusermount', ['-u', folder])
  }
}
