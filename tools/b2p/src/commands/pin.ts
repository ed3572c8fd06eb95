import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { type Command, oneName } from '../command.ts'

const SOURCES = 'tools/sources/src/cli.ts'

export const pin: Command = {
  usage: 'pin NAME',
  does: "Move a package's pin to what its source has now: writes its tcz.lock",
  more: `A build takes only what the lock names, by checksum. See what changed with git diff.
A recipe of Go's that has no go.sum is given one first: of the modules that its go.mod asks for.`,
  examples: ['./b2p pin conmon'],
  async run(words) {
    const { name, folder, source } = findPackage(readRepository('.'), oneName(pin, words))
    if ('go' in source && !existsSync(join(folder, 'go.sum'))) {
      await run(process.execPath, [SOURCES, 'go', name, 'mod', 'tidy'], { inherit: true })
    }
    await run(process.execPath, [SOURCES, 'pin', name], { inherit: true })
  },
}
