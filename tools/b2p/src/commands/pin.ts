import { run } from '@boot2podman/kit'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { type Command, oneName } from '../command.ts'

export const pin: Command = {
  usage: 'pin NAME',
  does: "Move a package's pin to what its source has now: writes its tcz.lock",
  more: 'A build takes only what the lock names, by checksum. See what changed with git diff.',
  examples: ['./b2p pin conmon'],
  async run(words) {
    const { name } = findPackage(readRepository('.'), oneName(pin, words))
    await run(process.execPath, ['tools/sources/src/cli.ts', 'pin', name], { inherit: true })
  },
}
