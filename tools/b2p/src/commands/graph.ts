import { run } from '@boot2podman/kit'
import { readRepository } from '@boot2podman/tcz'
import { type Command, withOptions } from '../command.ts'
import { edgesBelow, findProject } from '../edges.ts'
import { graphTree } from '../graph-tree.ts'
import { DEFAULT } from '../image.ts'

const PICTURE = 'dist/graph/index.html'

export const graph: Command = {
  usage: 'graph [NAME] [OPTION]',
  does: 'Show what a package or an image needs, as a tree',
  more: `NAME is ${DEFAULT} when left out.

  --build     with what each is built with
  --picture   writes a page for a browser instead: ${PICTURE}, made by Nx`,
  examples: ['./b2p graph podman', './b2p graph --picture'],
  async run(words) {
    const options = { build: { type: 'boolean' }, picture: { type: 'boolean' } } as const
    const { words: names, options: wanted } = withOptions(graph, words, options, 1)
    const packages = readRepository('.')
    const name = findProject('.', packages, names[0] ?? DEFAULT)
    if (wanted.picture) {
      await run(process.execPath, [
        'node_modules/nx/dist/bin/nx.js',
        'graph',
        `--file=${PICTURE}`,
        `--focus=${name}`,
      ])
      console.log(PICTURE)
      return
    }
    const edges = edgesBelow('.', packages)
    console.log(graphTree(name, (one) => edges(one).filter(({ why }) => wanted.build || why !== 'build')))
  },
}
