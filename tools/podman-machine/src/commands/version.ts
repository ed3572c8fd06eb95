import { Problem } from '@boot2podman/kit'
import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { inMachine, sshTarget } from '../ssh.ts'
import { mustRun } from '../states.ts'
import { versionLine } from '../version.ts'

export const version: Command = {
  usage: 'version [options] [NAME]',
  does: "Tell podman-machine's version, or with a name that of the machine's podman",
  options: [{ name: 'json', does: 'as JSON, for programs' }],
  examples: ['podman-machine version', 'podman-machine version box'],
  words: [0, 1],
  async run(call) {
    const text = call.words[0] === undefined ? versionLine() : await podmanVersion(call, call.words[0])
    const json = () => JSON.stringify({ version: text.replace(/^.* version |,.*$/g, '') })
    console.log(call.values.flag('json') ? json() : text)
  },
}

async function podmanVersion(call: Parameters<Command['run']>[0], name: string): Promise<string> {
  const one = await chosen(call, name)
  const target = sshTarget(one.machine, one.driver)
  await mustRun(one, "Cannot tell podman's version")
  const { code, stdout, stderr } = await inMachine(one.machine, target, 'podman --version')
  if (code === 0) return stdout.trim().replace(/^.* /, '')
  throw new Problem({
    where: `"${name}"`,
    what: 'does not tell the version of its podman',
    fix: stderr.trim(),
  })
}
