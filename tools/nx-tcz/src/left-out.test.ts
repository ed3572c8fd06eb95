import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readRepository } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { leftOut } from './left-out.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'left-out-'))
  await recipe('core', { local: '.' })
  await recipe('later', { go: 'example.com/later' })
  await write('iso/small.json', '{ "extensions": ["core"] }')
})
afterEach(() => rm(root, { recursive: true }))

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

const recipe = (name: string, source: object) =>
  write(
    `packages/${name}/tcz.json`,
    JSON.stringify({ version: '1', licence: 'MIT', summary: 'For a test', source }),
  )

const out = () => [...leftOut(root, readRepository(root))]

test('a recipe that nobody has pinned, until somebody has', async () => {
  expect(out()).toEqual(['later'])
  await write('packages/later/tcz.lock', '{}')
  expect(out()).toEqual([])
})

test.each([
  ['a package that runs with it', 'packages/core/core.tcz.dep', 'later.tcz\n'],
  ['a package that is built with it', 'packages/core/core.tcz.build-dep', 'later.tcz\n'],
  ['an image that has it', 'iso/small.json', '{ "extensions": ["core", "later"] }'],
  ['an image that extends another', 'iso/more.json', '{ "extends": "small", "extensions": ["later"] }'],
  ['an image whose kernel it is', 'iso/small.json', '{ "kernel": "later" }'],
])('%s needs it: it is not left out', async (_, file, text) => {
  await write(file, text)
  expect(out()).toEqual([])
})
