import type { Command } from '../command.ts'
import { eachLocked } from '../each-locked.ts'
import { isoSource } from '../iso/source.ts'
import { goBack, upgradeTo } from '../upgrade.ts'
import { UsageProblem } from '../usage-problem.ts'

export const upgrade: Command = {
  usage: 'upgrade [options] [NAME...]',
  does: 'Give machines a new ISO, and start them with it',
  more: `The ISO comes from where the machine's first one came from, or the machine stays with another from then on.
A machine that does not answer with the new one goes back to the one before by itself. Its data and keys stay.`,
  options: [
    {
      name: 'boot2podman-url',
      aliases: ['qemu-boot2podman-url', 'virtualbox-boot2podman-url'],
      value: 'URL',
      does: 'path or URL of the ISO',
    },
    { name: 'back', does: 'take the one before the last upgrade' },
  ],
  examples: [
    'podman-machine upgrade',
    'podman-machine upgrade --boot2podman-url ./boot2podman.iso box',
    'podman-machine upgrade --back box',
  ],
  async run(call) {
    const { values } = call
    const url = values.has('boot2podman-url') ? isoSource(values.text('boot2podman-url')) : undefined
    const back = values.flag('back')
    if (back && url !== undefined) {
      throw new UsageProblem({
        where: 'podman-machine upgrade',
        what: '--back and --boot2podman-url exclude each other',
      })
    }
    await eachLocked(call, async (one, phases) => {
      await (back ? goBack(one, phases) : upgradeTo(one, url, phases))
    })
  },
}
