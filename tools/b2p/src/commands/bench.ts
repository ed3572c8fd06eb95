import { run } from '@boot2podman/kit'
import { type Command, mistake, onlyWords } from '../command.ts'
import { buildIso, DEFAULT } from './iso.ts'

export const bench: Command = {
  usage: 'bench [boot]',
  does: "Measure how soon a container has run, against Debian's live ISO",
  more: `Both are booted in turn, in one run, on this machine: only such figures may be compared.
Debian's image is made first, which takes some minutes and 350 MB from its mirror.`,
  examples: ['./b2p bench boot'],
  async run(words) {
    onlyWords(bench, words, 1)
    const [what = 'boot'] = words
    if (what !== 'boot') throw mistake(bench, `there is no bench "${what}"`)
    await buildIso(DEFAULT)
    await run(process.execPath, ['test/src/bench/boot.ts'], { inherit: true })
  },
}
