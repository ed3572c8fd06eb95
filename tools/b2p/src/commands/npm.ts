import { build } from '../build.ts'
import { type Command, onlyWords } from '../command.ts'

export const npm: Command = {
  usage: 'npm',
  does: "Build podman-machine's npm package: dist/npm/podman-machine-VERSION.tgz",
  examples: ['./b2p npm', 'npm install --global dist/npm/podman-machine-*.tgz'],
  async run(words) {
    onlyWords(npm, words, 0)
    await build('podman-machine', 'npm')
  },
}
