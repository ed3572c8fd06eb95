import { boot } from '../boot.ts'
import { type Command, oneName } from '../command.ts'
import { buildIso, DEFAULT } from './iso.ts'

const MEMORY = 512

export const run: Command = {
  usage: 'run [NAME]',
  does: 'Build an image and boot it in QEMU, with its console in this terminal',
  more: `NAME is ${DEFAULT} when left out. The machine has ${MEMORY} MB of memory and no disk: it forgets all.
B2P_ACCEL=kvm or B2P_ACCEL=tcg decides how QEMU runs it.`,
  examples: ['./b2p run', 'B2P_ACCEL=tcg ./b2p run'],
  async run(words) {
    await boot(await buildIso(oneName(run, words, DEFAULT)), MEMORY)
  },
}
