import { expect, test } from 'vitest'
import { parseRecipe } from './recipe.ts'

const GOOD = {
  version: '2.1.13',
  licence: 'Apache-2.0',
  summary: 'Watches one container',
  source: { debsrc: 'conmon' },
}

/** What is said of a recipe: `tcz.json:3: ...` lines without ways out. */
function mistakes(text: string): string[] {
  try {
    parseRecipe(text, 'tcz.json')
    return []
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => !line.startsWith('  '))
  }
}

const recipe = (change: object) => JSON.stringify({ ...GOOD, ...change }, undefined, 2)

test('a good one is read', () => {
  expect(parseRecipe(JSON.stringify(GOOD), 'tcz.json')).toEqual(GOOD)
})

test.each([
  { go: 'github.com/opencontainers/runc' },
  { cargo: 'netavark' },
  { debsrc: 'conmon', suite: 'forky' },
  { deb: ['gcc', 'libc6-dev'], suite: 'trixie-backports', dependencies: true, files: ['usr/lib/**'] },
  { url: 'https://example.org/a.tar.gz' },
  { local: '.' },
])('a source of each kind: %j', (source) => {
  expect(mistakes(recipe({ source }))).toEqual([])
})

test('a mistake in the JSON itself, by line, without what follows from it', () => {
  expect(mistakes('{\n  "version": "1"\n  "licence": "MIT"\n}')).toEqual(['tcz.json:3: comma expected'])
  expect(mistakes('{\n  "version": "1",\n  "licence": "MIT"\n')).toEqual(['tcz.json:4: close brace expected'])
  expect(mistakes('{ "version": "1", }')).toHaveLength(1)
  expect(mistakes('')).toEqual(['tcz.json: is empty'])
  expect(mistakes('// no comments\n{}')).toHaveLength(1)
})

test('something else than an object', () => {
  expect(mistakes('[]')).toEqual(['tcz.json:1: "tcz.json" must be object'])
})

test('all mistakes at once, each with its line', () => {
  expect(mistakes(recipe({ verison: '2', licence: 5, summary: 'short' }))).toEqual([
    'tcz.json:3: "licence" must be string',
    'tcz.json:4: "summary" must NOT have fewer than 8 characters',
    'tcz.json:8: "verison" is not known here',
  ])
})

test('what is missing', () => {
  const { version: _, ...rest } = GOOD
  expect(mistakes(JSON.stringify(rest))).toEqual(['tcz.json:1: "version" is missing'])
})

test('a kind of source that does not exist', () => {
  expect(mistakes(recipe({ source: { debscr: 'conmon' } }))).toEqual([
    'tcz.json:5: this is no kind of source',
  ])
})

test('a mistake inside a source is told for the kind that was meant, not for the five others', () => {
  expect(mistakes(recipe({ source: { debsrc: 'conmon', suit: 'forky' } }))).toEqual([
    'tcz.json:7: "suit" is not known here',
  ])
  expect(mistakes(recipe({ source: { debsrc: 'conmon', suite: 'jessie' } }))).toEqual([
    'tcz.json:7: "source.suite" is not one of those known',
  ])
  expect(mistakes(recipe({ source: { deb: [] } }))).toEqual([
    'tcz.json:6: "source.deb" must NOT have fewer than 1 items',
  ])
})

test('an item of a list has the line that it stands in', () => {
  expect(mistakes(recipe({ source: { deb: ['git', ''] } }))).toEqual([
    expect.stringMatching(/^tcz\.json:8: "source\.deb\.1" must match pattern/),
  ])
})

test('two kinds at once', () => {
  expect(mistakes(recipe({ source: { go: 'a.org/b', cargo: 'c' } }))).toEqual([
    'tcz.json:7: "cargo" is not known here',
  ])
})

test('what would be known is the way out', () => {
  expect(() => parseRecipe(recipe({ source: { debsrc: 'conmon', suit: 'forky' } }), 'tcz.json')).toThrow(
    '  known: debsrc, suite',
  )
  expect(() => parseRecipe(recipe({ source: {} }), 'tcz.json')).toThrow(
    '  expected one of go, cargo, debsrc, deb, url, local',
  )
  expect(() => parseRecipe(recipe({ source: { debsrc: 'a', suite: 'x' } }), 'tcz.json')).toThrow(
    '  expected one of trixie, trixie-backports, forky',
  )
})
