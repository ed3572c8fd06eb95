import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'b2p-'))
  await recipe('core', { local: '.' })
  await recipe('later', { go: 'example.com/later' })
  await write('iso/boot2podman.json', '{ "extensions": ["core"] }')
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

async function b2p(...words: string[]) {
  const { exitCode, all } = await execa(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...words], {
    cwd: root,
    env: { B2P_REPOSITORY_KEY: join(root, 'key') },
    reject: false,
    all: true,
  })
  return { exitCode, all }
}

test('./b2p names it; with a word it does not', async () => {
  expect((await b2p()).all).toMatch(/\n\nunpinned, so in no build: later$/)
  expect((await b2p('help', 'tcz')).all).not.toContain('unpinned')
  await write('packages/later/tcz.lock', '{}')
  expect((await b2p()).all).not.toContain('unpinned')
})

test('outdated tells it without asking anybody', async () => {
  expect((await b2p('outdated')).all).toMatch(/^later +unpinned +- +\.\/b2p pin later$/m)
})

test('to build it, or what needs it: how it is pinned, before anything is done', async () => {
  const where = '\n  where its source can be reached: ./b2p pin later'
  expect(await b2p('tcz', 'later')).toEqual({
    exitCode: 1,
    all: `packages/later: its source was never pinned${where}`,
  })
  await write('packages/core/core.tcz.dep', 'later.tcz\n')
  expect(await b2p('tcz', 'core')).toEqual({
    exitCode: 1,
    all: `packages/later: its source was never pinned, and core needs it: ./b2p why core later${where}`,
  })
  const { exitCode, all } = await b2p('iso')
  expect(exitCode).toBe(1)
  expect(all).toContain(
    `packages/later: its source was never pinned, and boot2podman needs it: ./b2p why boot2podman later${where}`,
  )
  for (const left of ['dist', '.nx']) expect(existsSync(join(root, left))).toBe(false)
})
