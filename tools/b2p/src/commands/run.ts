import { run as start } from '@boot2podman/kit'
import { accelerator, commandLine, type MachineSpec } from '@boot2podman/qemu'
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
    const name = oneName(run, words, DEFAULT)
    const spec: MachineSpec = {
      medium: { file: await buildIso(name), as: 'ide-cd' },
      memory: MEMORY,
    }
    const { name: chosen, why } = await accelerator(spec)
    console.log(greeting(chosen, why))
    await start('qemu-system-x86_64', commandLine({ ...spec, accelerator: chosen }, 'terminal'), {
      inherit: true,
    })
  },
}

/** What somebody should know before the console takes the terminal. */
export function greeting(accelerator: 'kvm' | 'tcg', why: string): string {
  const means = { kvm: 'KVM', tcg: 'plain emulation (TCG), slower' }[accelerator]
  return `
The user tc is logged in by itself; sudo asks for no password.
To leave: sudo poweroff, or Ctrl-A and then X.
QEMU runs it with ${means}: ${why}.
`
}
