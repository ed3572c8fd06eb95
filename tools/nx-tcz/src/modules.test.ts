import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { modulesOf } from './modules.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'modules-'))
})
afterEach(() => rm(root, { recursive: true }))

/** What `tools/a/src/entry.ts` is made of, in a repository of these files. */
async function made(
  files: Record<string, string>,
  leave: (from: string, to: string) => boolean = () => false,
) {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
  return modulesOf(root, 'tools/a/src/entry.ts', leave)
}

test('what is imported, however it is written, and what that imports', async () => {
  const { files } = await made({
    'tools/a/src/entry.ts': `import './side.ts'
import b, { c } from './b.ts'
import {
  d,
  type E,
} from './d.ts'
export { f } from './f.ts'
export * from './g.ts'
const h = await import('./sub/h.ts')
const text = "import './not.ts'"`,
    'tools/a/src/side.ts': '',
    'tools/a/src/b.ts': `import { i } from './sub/i.ts'`,
    'tools/a/src/d.ts': '',
    'tools/a/src/f.ts': '',
    'tools/a/src/g.ts': '',
    'tools/a/src/sub/h.ts': `import '../entry.ts'`,
    'tools/a/src/sub/i.ts': '',
  })
  expect(files).toEqual(
    ['b', 'd', 'entry', 'f', 'g', 'side', 'sub/h', 'sub/i'].map((name) => `tools/a/src/${name}.ts`),
  )
})

test('types are erased before anything runs', async () => {
  const { files } = await made({
    'tools/a/src/entry.ts': `import type { B } from './b.ts'
import { type C, type D } from './c.ts'
export type { E } from './e.ts'`,
  })
  expect(files).toEqual(['tools/a/src/entry.ts'])
})

test('of another tool, the modules whose names are imported', async () => {
  const { files } = await made({
    'tools/a/src/entry.ts': `import { run, type Options as O } from '@boot2podman/kit'`,
    'tools/kit/src/index.ts': `export { cacheFolder } from './cache.ts'\nexport { type Options, run } from './run.ts'`,
    'tools/kit/src/run.ts': '',
    'tools/kit/src/cache.ts': '',
  })
  expect(files).toEqual(['tools/a/src/entry.ts', 'tools/kit/src/run.ts'])
})

test('scripts and data that lie beside a module', async () => {
  const { files } = await made({
    'tools/a/src/entry.ts': `import schema from '../a.json' with { type: 'json' }
const script = join(import.meta.dirname, 'enter.sh')`,
  })
  expect(files).toEqual(['tools/a/a.json', 'tools/a/src/enter.sh', 'tools/a/src/entry.ts'])
})

test('npm packages by their names; what Node brings is none', async () => {
  const { npm } = await made({
    'tools/a/src/entry.ts': `import { join } from 'node:path'
import { x } from '@scope/name/deep.js'
import tar from 'tar/list'`,
  })
  expect(npm).toEqual(['@scope/name', 'tar'])
})

test('an import may be left', async () => {
  const files = {
    'tools/a/src/entry.ts': `import { go } from './go.ts'\nimport { deb } from './deb.ts'`,
    'tools/a/src/go.ts': '',
    'tools/a/src/deb.ts': `import { unpack } from './ar.ts'`,
    'tools/a/src/ar.ts': '',
  }
  expect((await made(files, (_, to) => to.endsWith('deb.ts'))).files).toEqual([
    'tools/a/src/entry.ts',
    'tools/a/src/go.ts',
  ])
})
