import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { haveEverPassed, notePassed, tested, whenPassed } from './passed.ts'

const from = process.cwd()
let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'b2p-'))
  process.env.B2P_CACHE = join(root, 'cache')
  process.chdir(root)
  await write('dist/iso/more.iso.sha256', `${'a'.repeat(64)}  more.iso\n`)
  for (const file of TESTS) await write(file, file)
})
afterEach(async () => {
  delete process.env.B2P_CACHE
  process.chdir(from)
  await rm(root, { recursive: true })
})

const TESTS = [
  'test/kubernetes.config.ts',
  'test/src/kubernetes/one.test.ts',
  'test/src/machines.ts',
  'tools/qemu/src/index.ts',
]

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

test('what has passed is known, when it is asked for again', async () => {
  expect(whenPassed(await tested('more'))).toBeUndefined()
  expect(haveEverPassed()).toBe(false)
  await notePassed(await tested('more'))
  expect(haveEverPassed()).toBe(true)
  expect(Date.now() - Number(whenPassed(await tested('more')))).toBeLessThan(60_000)
})

test.each([
  ...TESTS,
  'test/src/kubernetes/added.test.ts',
  'tools/podman-machine/src/ssh.ts',
  'tools/tcz/src/flavour.ts',
])('a change to %s: it has not passed with that', async (file) => {
  await notePassed(await tested('more'))
  await write(file, 'changed')
  expect(whenPassed(await tested('more'))).toBeUndefined()
})

test('another image: it has not passed with that', async () => {
  await notePassed(await tested('more'))
  await write('dist/iso/more.iso.sha256', `${'b'.repeat(64)}  more.iso\n`)
  expect(whenPassed(await tested('more'))).toBeUndefined()
})

test.each(['test/src/scenarios/a.test.ts', 'tools/qemu/src/a.test.ts', 'docs/a.md'])(
  'a change to %s: they have no part in that',
  async (file) => {
    await notePassed(await tested('more'))
    await write(file, 'changed')
    expect(whenPassed(await tested('more'))).toBeDefined()
  },
)
