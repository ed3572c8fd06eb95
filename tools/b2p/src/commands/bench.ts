import { run } from '@boot2podman/kit'
import { type Command, mistake, onlyWords } from '../command.ts'
import { buildIso, DEFAULT } from './iso.ts'

const BENCHES = ['boot', 'tools', 'graph']

export const bench: Command = {
  usage: 'bench [boot|tools|graph]',
  does: "Measure against Debian's live ISO: the boot to a container, the tools' starts",
  more: `Both are measured in turn, in one run, on this machine: only such figures may be compared.
Debian's image is made first, which takes some minutes and 350 MB from its mirror.
graph is about the build: how long it takes to see that nothing changed, with 25, 100 and 200 packages.`,
  examples: ['./b2p bench boot', './b2p bench tools', './b2p bench graph'],
  async run(words) {
    onlyWords(bench, words, 1)
    const [what = 'boot'] = words
    if (!BENCHES.includes(what)) throw mistake(bench, `there is no bench "${what}"`)
    if (what !== 'graph') await buildIso(DEFAULT)
    await run(process.execPath, [`test/src/bench/${what}.ts`], { inherit: true })
  },
}
