import { statSync } from 'node:fs'
import { interruptible } from '@boot2podman/kit'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { build } from '../build.ts'
import { type Command, oneName } from '../command.ts'
import { formatSize } from '../format.ts'

export const oci: Command = {
  usage: 'oci NAME',
  does: 'Make a container image of a package: dist/oci/NAME.tar, an oci-archive',
  more: `All that it needs is in it, a layer for each package: images share what they have in common. A program stands on the
core. A toolchain (compiletc, go, rust) becomes a root to build recipes in: what build.sh finds there, without the core.`,
  examples: ['./b2p oci core', 'podman load -i dist/oci/core.tar'],
  async run(words) {
    // No other verb needs it, and it takes a while to load.
    const { makeOci, reference, standsOn } = await import('@boot2podman/image')
    const repository = readRepository('.')
    const pkg = findPackage(repository, oneName(oci, words))
    for (const name of standsOn(pkg, repository)) await build(name, 'check')
    await interruptible(`${pkg.name}: stopped; nothing was left behind`, async (signal) => {
      const file = await makeOci('.', pkg, repository, signal)
      console.log(`${file}: ${formatSize(statSync(file).size)}, ${reference(pkg)}`)
    })
  },
}
