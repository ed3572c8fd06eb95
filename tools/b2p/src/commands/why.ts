import { readRepository } from '@boot2podman/tcz'
import { chain, formatChain } from '../chain.ts'
import { type Command, mistake, onlyWords } from '../command.ts'
import { type Edges, edgesBelow, findProject } from '../edges.ts'

export const why: Command = {
  usage: 'why A B',
  does: 'Tell why A needs B: the shortest chain of packages, and the file behind each step',
  more: 'A may be an image too.',
  examples: ['./b2p why podman glib2', './b2p why boot2podman pcre2'],
  async run(words) {
    onlyWords(why, words, 2)
    const [a, b] = words
    if (a === undefined || b === undefined) throw mistake(why, 'two names are wanted')
    const packages = readRepository('.')
    const [from, to] = [findProject('.', packages, a), findProject('.', packages, b)]
    console.log(answer(from, to, edgesBelow('.', packages)))
  },
}

function answer(from: string, to: string, edges: Edges): string {
  if (from === to) return `${from} is ${to}.`
  const way = chain(from, to, edges)
  if (way) return formatChain(way)
  const back = chain(to, from, edges)
  const no = `${from} needs ${to} neither to run nor to be built.`
  return back ? `${no} The other way round:\n${formatChain(back)}` : no
}
