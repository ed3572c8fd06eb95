import { run } from '@boot2podman/kit'
import { type Command, mistake, onlyWords } from '../command.ts'
import { buildIso, DEFAULT } from './iso.ts'

const BENCHES = ['boot', 'tools']

export const bench: Command = {
  usage: 'bench [boot|tools]',
  does: "Measure against Debian's live ISO: the boot to a container, the tools' starts",
  more: `Both are measured in turn, in one run, on this machine: only such figures may be compared.
Debian's image is made first, which takes some minutes and 350 MB from its mirror.`,
  examples: ['./b2p bench boot', './b2p bench tools'],
  async run(words) {
    onlyWords(bench, words, 1)
    const [what = 'boot'] = words
    if (!BENCHES.includes(what)) throw mistake(bench, `there is no bench "${what}"`)
    await buildIso(DEFAULT)
    await run(process.execPath, [`test/src/bench/${what}.ts`], { inherit: true })
  },
}
