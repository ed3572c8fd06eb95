import { run } from '@boot2podman/kit'
import { type Command, mistake, onlyWords } from '../command.ts'
import { buildIso, DEFAULT } from './iso.ts'

const BENCHES = ['boot', 'tools', 'api', 'graph']

export const bench: Command = {
  usage: 'bench [boot|tools|api|graph]',
  does: "Measure the boot to a container and the tools' starts against Debian's live ISO; the API by REST and by Varlink; what many packages cost",
  more: `What is compared is measured in turn, in one run, on this machine: only such figures may be compared.
For boot and tools Debian's image is made first, which takes some minutes and 350 MB from its mirror.`,
  examples: ['./b2p bench boot', './b2p bench tools', './b2p bench api', './b2p bench graph'],
  async run(words) {
    onlyWords(bench, words, 1)
    const [what = 'boot'] = words
    if (!BENCHES.includes(what)) throw mistake(bench, `there is no bench "${what}"`)
    if (what !== 'graph') await buildIso(DEFAULT)
    await run(process.execPath, [`test/src/bench/${what}.ts`], { inherit: true })
  },
}
