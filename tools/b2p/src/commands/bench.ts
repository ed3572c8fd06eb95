import { run } from '@boot2podman/kit'
import { type Command, mistake, onlyWords } from '../command.ts'
import { DEFAULT } from '../image.ts'
import { buildIso } from './iso.ts'

const BENCHES = ['boot', 'tools', 'api', 'graph']

export const bench: Command = {
  usage: 'bench [boot|tools|api|graph]',
  does: "Measure the boot, the tools' starts, the API, or what many packages cost",
  more: `What is compared is measured in turn, in one run, on this machine: only such figures may be compared.
boot and tools: against Debian's live ISO, which is made first, in some minutes and with 350 MB from its mirror.
api: Podman's answers by REST and by Varlink.
graph: how long the build takes to see that nothing changed, with 25, 100 and 200 packages.`,
  examples: ['./b2p bench boot', './b2p bench tools', './b2p bench api', './b2p bench graph'],
  async run(words) {
    onlyWords(bench, words, 1)
    const [what = 'boot'] = words
    if (!BENCHES.includes(what)) throw mistake(bench, `there is no bench "${what}"`)
    if (what !== 'graph') await buildIso(DEFAULT)
    await run(process.execPath, [`test/src/bench/${what}.ts`], { inherit: true })
  },
}
