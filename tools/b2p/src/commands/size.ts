import { existsSync, statSync } from 'node:fs'
import { Problem } from '@boot2podman/kit'
import { readRepository } from '@boot2podman/tcz'
import { type Command, oneName } from '../command.ts'
import { findProject } from '../edges.ts'
import { formatSize } from '../format.ts'
import { DEFAULT } from '../image.ts'
import { sizeTable } from '../size-table.ts'
import { measureImage, measurePackage } from '../sizes.ts'

// More than a screen is for nobody.
const MOST = 30

export const size: Command = {
  usage: 'size [NAME]',
  does: 'Tell what weighs how much: the parts of an image, or the files of a package',
  more: `NAME is ${DEFAULT} when left out. Beside each that changed: by how many bytes, against the build before. The files of
a package are told as they are before it is packed.`,
  examples: ['./b2p size', './b2p size podman'],
  async run(words) {
    const packages = readRepository('.')
    const name = findProject('.', packages, oneName(size, words, DEFAULT))
    const file = packages.has(name) ? `dist/tcz/${name}.tcz` : `dist/iso/${name}.iso`
    if (!existsSync(file)) {
      const fix = packages.has(name) ? `./b2p tcz ${name}` : `./b2p iso ${name}`
      throw new Problem({ where: file, what: 'is not there yet', fix })
    }
    const measured = await (packages.has(name) ? measurePackage : measureImage)(name)
    console.log(sizeTable(measured, MOST))
    console.log(`${file}: ${formatSize(statSync(file).size)}`)
  },
}
