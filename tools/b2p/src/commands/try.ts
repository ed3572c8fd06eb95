import { statSync } from 'node:fs'
import { run } from '@boot2podman/kit'
import { closure, findPackage, readRepository } from '@boot2podman/tcz'
import { boot } from '../boot.ts'
import { build } from '../build.ts'
import { type Command, oneName } from '../command.ts'
import { DEFAULT, memoryOf } from '../image.ts'
import { buildIso } from './iso.ts'

export const tryPackage: Command = {
  usage: 'try NAME',
  does: 'Build a package and boot a machine that has it, with its console in this terminal',
  more: `The machine is that of ./b2p run, with NAME and what it needs loaded too. Its image is dist/try/NAME.iso.`,
  examples: ['./b2p try git'],
  async run(words) {
    const packages = readRepository('.')
    const { name } = findPackage(packages, oneName(tryPackage, words))
    await build(name, 'check')
    await buildIso(DEFAULT)
    await run(process.execPath, ['tools/image/src/cli.ts', 'iso', DEFAULT, name], { inherit: true })
    const loaded = closure([name], (one) => packages.get(one)?.deps ?? [])
    const size = loaded.reduce((sum, one) => sum + statSync(`dist/tcz/${one}.tcz`).size, 0)
    // A toolchain is read from the medium, and wants room to work in.
    const memory = memoryOf('.', DEFAULT)
    await boot(`dist/try/${name}.iso`, size < 32e6 ? memory : 4 * memory)
  },
}
