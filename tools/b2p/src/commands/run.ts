import { boot } from '../boot.ts'
import { type Command, oneName } from '../command.ts'
import { DEFAULT, findImage, memoryOf } from '../image.ts'
import { buildIso } from './iso.ts'

export const run: Command = {
  usage: 'run [NAME]',
  does: 'Build an image and boot it in QEMU, with its console in this terminal',
  more: `NAME is ${DEFAULT} when left out. The machine has 512 MB of memory, or what iso/NAME.json says, and no disk: it
forgets all.
B2P_ACCEL=kvm or B2P_ACCEL=tcg decides how QEMU runs it.`,
  examples: ['./b2p run', 'B2P_ACCEL=tcg ./b2p run'],
  async run(words) {
    const name = findImage('.', oneName(run, words, DEFAULT))
    await boot(await buildIso(name), memoryOf('.', name))
  },
}
