import type { Command } from '../command.ts'

export const machine: Command = {
  usage: 'machine ...',
  does: 'Run podman-machine, as it is in tools/podman-machine',
  examples: ['./b2p machine create box', './b2p machine --help'],
  raw: true,
  async run(words) {
    const { podmanMachine } = await import('podman-machine')
    // Names of files in its words are those of whoever typed them, not of this repository's folder.
    process.chdir(process.env.B2P_FROM ?? '.')
    await podmanMachine(words)
  },
}
