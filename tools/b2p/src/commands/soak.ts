import { run } from '@boot2podman/kit'
import { type Command, mistake, onlyWords } from '../command.ts'
import { DEFAULT } from '../image.ts'
import { buildIso } from './iso.ts'

export const soak: Command = {
  usage: 'soak [CUTS [SEED]]',
  does: 'Pull the plug of a machine at work, CUTS times (20), and prove that nothing is lost',
  more: `Each cut comes at a moment of its own in pulls, commits and writes of keys; SEED (1) and those after it decide which.
The next boot must mount the data disk, and find a whole store and whole keys. A cut takes half a minute, emulated.`,
  examples: ['./b2p soak', './b2p soak 1 17'],
  async run(words) {
    onlyWords(soak, words, 2)
    for (const word of words) {
      if (!/^[1-9]\d{0,5}$/.test(word)) throw mistake(soak, `"${word}" is no number from 1 on`)
    }
    await buildIso(DEFAULT)
    await run(process.execPath, ['test/src/soak.ts', ...words], { inherit: true })
  },
}
