import type { Edge, Edges } from './edges.ts'

/** The shortest way from one to another along what each needs; undefined when there is none. */
export function chain(from: string, to: string, edges: Edges): Edge[] | undefined {
  const ways = new Map<string, Edge[]>([[from, []]])
  // A Map's loop comes to what is added meanwhile: nearer ones first.
  for (const [name, way] of ways) {
    if (name === to) return way
    for (const edge of edges(name)) if (!ways.has(edge.to)) ways.set(edge.to, [...way, edge])
  }
  return undefined
}

/** A line an edge: who needs whom, and the file that says so. */
export function formatChain(way: readonly Edge[]): string {
  const lines = way.map(({ from, to, file, why }) => [`${from} ${WORDS[why]} ${to}`, file] as const)
  const width = Math.max(...lines.map(([words]) => words.length))
  return lines.map(([words, file]) => `${words.padEnd(width)}  ${file}`).join('\n')
}

const WORDS = { run: 'runs with', build: 'is built with', image: 'holds' }
