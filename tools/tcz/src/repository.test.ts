import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRepository, recipeFolders } from './repository.ts'

const RECIPE = JSON.stringify({
  version: '1',
  licence: 'MIT',
  summary: 'A package for a test',
  source: { local: '.' },
})

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tcz-'))
})
afterEach(() => rm(root, { recursive: true }))

async function write(files: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
}

test('packages and the kernel, with what they need', async () => {
  await write({
    'packages/zlib/tcz.json': RECIPE,
    'packages/conmon/tcz.json': RECIPE,
    'packages/conmon/conmon.tcz.dep': 'zlib.tcz\n',
    'packages/conmon/conmon.tcz.build-dep': 'kernel.tcz\n',
    'packages/notes/README.md': 'no package',
    'kernel/tcz.json': RECIPE,
  })
  const packages = readRepository(root)
  expect([...packages.keys()]).toEqual(['conmon', 'zlib', 'kernel'])
  expect(packages.get('conmon')).toMatchObject({
    version: '1',
    folder: 'packages/conmon',
    deps: ['zlib'],
    buildDeps: ['kernel'],
  })
  expect(recipeFolders(root)).toEqual(['packages/conmon', 'packages/zlib', 'kernel'])
})

test('an empty root has none', () => {
  expect(readRepository(root).size).toBe(0)
})

test('an unknown name is told by file and line, with what may have been meant', async () => {
  await write({
    'packages/glib2/tcz.json': RECIPE,
    'packages/conmon/tcz.json': RECIPE,
    'packages/conmon/conmon.tcz.dep': '\nglib.tcz\n',
    'packages/conmon/conmon.tcz.build-dep': 'glib2.tcz\ncompiletc.tcz\n',
  })
  expect(() => readRepository(root)).toThrow(`packages/conmon/conmon.tcz.dep:2: there is no package "glib"
  did you mean glib2?
packages/conmon/conmon.tcz.build-dep:2: there is no package "compiletc"
  make it, in packages/compiletc, or take this line out`)
})

test('mistakes of all files are told at once; no name is unknown because its recipe is broken', async () => {
  await write({
    'packages/a/tcz.json': '{',
    'packages/b/tcz.json': RECIPE,
    'packages/b/b.tcz.dep': 'a.tcz\n',
    'packages/c/tcz.json': RECIPE,
    'packages/c/c.tcz.dep': 'b\n',
  })
  const read = () => readRepository(root)
  expect(read).toThrow(/packages\/a\/tcz\.json:1: [\s\S]*packages\/c\/c\.tcz\.dep:1: "b" is not/)
  expect(read).not.toThrow('there is no package')
})

test('a cycle, though one of its edges be a build-dep', async () => {
  await write({
    'packages/a/tcz.json': RECIPE,
    'packages/a/a.tcz.dep': 'b.tcz\n',
    'packages/b/tcz.json': RECIPE,
    'packages/b/b.tcz.build-dep': 'a.tcz\n',
  })
  expect(() => readRepository(root)).toThrow('needs itself: a -> b -> a')
})

test('an edge named twice is a mistake', async () => {
  await write({
    'packages/a/tcz.json': RECIPE,
    'packages/b/tcz.json': RECIPE,
    'packages/b/b.tcz.dep': 'a.tcz\na.tcz\n',
  })
  expect(() => readRepository(root)).toThrow('packages/b/b.tcz.dep:2: "a.tcz" is named twice')
})
