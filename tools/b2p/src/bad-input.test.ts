import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

const recipe = (change: object = {}) =>
  JSON.stringify(
    { version: '1', licence: 'MIT', summary: 'A package for a test', source: { local: '.' }, ...change },
    undefined,
    2,
  )

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'b2p-'))
})
afterEach(() => rm(root, { recursive: true }))

/** What a user sees who types `./b2p` and these words in a repository of these files. */
async function b2p(words: string[], files: Record<string, string> = {}) {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
  const cli = join(import.meta.dirname, 'cli.ts')
  const { exitCode, all } = await execa(process.execPath, [cli, ...words], {
    cwd: root,
    reject: false,
    all: true,
  })
  return { exitCode, all }
}

test.each([
  [
    'a typing mistake in tcz.json',
    { 'packages/a/tcz.json': recipe({ verison: '2' }) },
    `packages/a/tcz.json:8: "verison" is not known here
  known: $schema, version, licence, summary, author, site, tags, calls, source`,
  ],
  [
    'a comma that is missing in tcz.json',
    { 'packages/a/tcz.json': '{\n  "version": "1"\n  "licence": "MIT"\n}' },
    'packages/a/tcz.json:3: comma expected',
  ],
  [
    'an unknown name in .dep',
    { 'packages/a/tcz.json': recipe(), 'packages/a/a.tcz.dep': 'glib2.tcz\n' },
    `packages/a/a.tcz.dep:1: there is no package "glib2"
  make it, in packages/glib2, or take this line out`,
  ],
  [
    'a build-dep that is missing',
    { 'packages/a/tcz.json': recipe(), 'packages/a/a.tcz.build-dep': '\ncompiletc.tcz\n' },
    `packages/a/a.tcz.build-dep:2: there is no package "compiletc"
  make it, in packages/compiletc, or take this line out`,
  ],
  [
    'a line in .dep that is no name',
    { 'packages/a/tcz.json': recipe(), 'packages/a/a.tcz.dep': 'glib2\n' },
    `packages/a/a.tcz.dep:1: "glib2" is not the name of an extension
  expected one file name a line, such as glib2.tcz`,
  ],
  [
    'a cycle',
    {
      'packages/a/tcz.json': recipe(),
      'packages/a/a.tcz.dep': 'b.tcz\n',
      'packages/b/tcz.json': recipe(),
      'packages/b/b.tcz.build-dep': 'a.tcz\n',
    },
    `a: needs itself: a -> b -> a
  take one of these edges out of its .dep or .build-dep file`,
  ],
  [
    'a name that no package has',
    { 'packages/ab/tcz.json': recipe() },
    `packages: there is no package "a"\n  did you mean ab?`,
  ],
])('%s: told once, with the way out, and nothing is left behind', async (_, files, message) => {
  expect(await b2p(['tcz', 'a'], files)).toEqual({ exitCode: 1, all: message })
  for (const left of ['dist', '.nx']) expect(existsSync(join(root, left))).toBe(false)
})

test.each([
  [['fly'], 'b2p: there is no verb "fly"\n  ./b2p help lists them'],
  [['iso', '--fast'], 'b2p iso: there is no option "--fast"\n  Usage: ./b2p iso [NAME]'],
  [['iso', 'one', 'two'], 'b2p iso: "two" is too much\n  Usage: ./b2p iso [NAME]'],
  [['tcz'], 'b2p tcz: a name is missing\n  Usage: ./b2p tcz NAME'],
  [['iso', 'none'], 'iso: there is no image "none"\n  known: tiny'],
  [
    ['test', 'all'],
    'b2p test: "all" is none of unit, scenarios, kubernetes\n  Usage: ./b2p test [PART [WORD...]]',
  ],
  [
    ['test', '--changed'],
    'b2p test: --changed is for kubernetes, as a whole\n  Usage: ./b2p test [PART [WORD...]]',
  ],
  [['setup', 'now'], 'b2p setup: "now" is too much\n  Usage: ./b2p setup'],
])('./b2p %j', async (words, message) => {
  expect(await b2p(words, { 'iso/tiny.json': '{}' })).toEqual({ exitCode: 1, all: message })
})

test('help is not a mistake', async () => {
  for (const words of [[], ['help'], ['--help'], ['help', 'iso'], ['iso', '--help']]) {
    const { exitCode, all } = await b2p(words)
    expect(exitCode).toBe(0)
    expect(all).toMatch(/^Usage: /)
  }
})
