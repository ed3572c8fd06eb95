import { findPackage, readRepository } from '@boot2podman/tcz'
import { build } from '../build.ts'
import { type Command, oneName } from '../command.ts'
import { measurePackage } from '../sizes.ts'

export const tcz: Command = {
  usage: 'tcz NAME',
  does: 'Build one package and prove it: dist/tcz/NAME.tcz with its side files',
  examples: ['./b2p tcz conmon'],
  async run(words) {
    const { name } = findPackage(readRepository('.'), oneName(tcz, words))
    await build(name, 'check')
    await measurePackage(name)
  },
}
