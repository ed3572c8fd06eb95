import { expect, test } from 'vitest'
import { chain, formatChain } from './chain.ts'
import type { Edges } from './edges.ts'
import { graphTree } from './graph-tree.ts'

const NEEDS: Record<string, string[]> = {
  image: ['a', 'core'],
  a: ['b', 'c'],
  b: ['c'],
  c: ['d'],
  core: [],
  d: [],
}
const edges: Edges = (from) =>
  (NEEDS[from] ?? []).map((to) => ({ from, to, file: `${from}.dep`, why: to === 'd' ? 'build' : 'run' }))

test('the shortest chain, with the file behind each step', () => {
  const way = chain('image', 'd', edges)
  expect(way?.map(({ to }) => to)).toEqual(['a', 'c', 'd'])
  expect(formatChain(way ?? [])).toBe(
    'image runs with a  image.dep\na runs with c      a.dep\nc is built with d  c.dep',
  )
  expect(chain('d', 'a', edges)).toBeUndefined()
})

test('the tree opens each once', () => {
  expect(graphTree('image', edges)).toBe(
    `image
├── a
│   ├── b
│   │   └── c
│   │       └── d (to build)
│   └── c, see above
└── core`,
  )
})
