import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@boot2podman/qemu'
import { readRepository } from '@boot2podman/tcz'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

const REPOSITORY = join(import.meta.dirname, '../../../..')
const CLI = join(import.meta.dirname, '../cli.ts')

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'b2p-new-'))
  for (const one of ['tools', 'node_modules']) await symlink(join(REPOSITORY, one), join(root, one))
  for (const name of ['compiletc', 'meson', 'go', 'rust', 'libgcc']) {
    await mkdir(join(root, 'packages', name), { recursive: true })
    const recipe = { version: '1', licence: 'MIT', summary: 'A package for a test', source: { local: '.' } }
    await writeFile(join(root, 'packages', name, 'tcz.json'), JSON.stringify(recipe))
  }
})
afterEach(() => rm(root, { recursive: true }))

async function b2p(...words: string[]) {
  const options = { cwd: root, reject: false, all: true, env: { B2P_CACHE: join(root, 'cache') } } as const
  return await execa(process.execPath, [CLI, ...words], { ...options, stdin: 'ignore' })
}

const recipe = (name: string) =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'tcz.json'), 'utf8')) as Record<string, unknown>
const text = (file: string) => readFileSync(join(root, 'packages', file), 'utf8')

test('local: a program of its own, and what to type next', async () => {
  const { exitCode, all } = await b2p('new', 'hi', '--kind', 'local')
  expect(all).toContain('  packages/hi/source/main.c\n')
  expect(all).toContain('  ./b2p tcz hi ')
  expect(exitCode).toBe(0)
  expect(recipe('hi')).toMatchObject({ licence: 'Apache-2.0', source: { local: 'source' } })
  expect(text('hi/source/main.c')).toContain('"Hello from hi."')
  expect(await readdir(join(root, 'packages/hi'), { recursive: true })).toHaveLength(6)
  expect(readRepository(root).get('hi')?.buildDeps).toEqual(['compiletc'])
})

test.each([
  ['configure', 'make install'],
  ['meson.build', 'meson install'],
  ['Makefile', 'make install'],
  ['main.c', 'say here how it is built'],
])('url: a tarball with %s is pinned, and built as it wants to be', async (file, line) => {
  await mkdir(join(root, 'x-1.2'))
  await writeFile(join(root, 'x-1.2', file), '')
  execFileSync('tar', ['-czf', 'x-1.2.tar.gz', 'x-1.2'], { cwd: root })
  const server = createServer((_, answer) => answer.end(readFileSync(join(root, 'x-1.2.tar.gz'))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x-1.2.tar.gz`
    const { exitCode, all } = await b2p('new', 'x', '--kind', 'url', '--from', from, '--licence', 'MIT')
    expect(all).toContain('x: pinned 1 file')
    expect(exitCode).toBe(0)
    expect(recipe('x')).toMatchObject({ version: '1.2', source: { url: from } })
    expect(text('x/build.sh')).toContain(line)
    expect(existsSync(join(root, 'packages/x/tcz.lock'))).toBe(true)
  } finally {
    server.close()
  }
})

test('what cannot be had leaves nothing behind', async () => {
  const from = `http://127.0.0.1:${await freePort()}/x-1.tar.gz`
  const { exitCode, all } = await b2p('new', 'x', '--kind', 'url', '--from', from, '--licence', 'MIT')
  expect(exitCode).toBe(1)
  expect(all).toContain('packages/x: its source is not in the cache yet, and the network cannot be reached\n')
  expect(all).toMatch(/\nb2p new: x was not made: what went wrong is above$/)
  expect(all).not.toMatch(/^\s+at /m)
  expect(existsSync(join(root, 'packages/x'))).toBe(false)
})

test.each([
  [['new'], 'b2p new: a name is missing'],
  [['new', 'X'], 'b2p new: "X" can be no package\'s name'],
  [['new', 'x.tcz'], 'b2p new: "x.tcz" can be no package\'s name'],
  [['new', 'go', '--kind', 'local'], 'packages/go: is there already'],
  [['new', 'x'], 'b2p new: --kind is missing: one of local, url, debsrc, deb, go, cargo'],
  [['new', 'x', '--kind', 'rpm'], 'b2p new: "rpm" is no kind of source'],
  [['new', 'x', '--kind', 'deb'], 'b2p new: --from is missing, such as --from hello'],
  [['new', 'x', '--kind', 'deb', '--from', 'x'], 'b2p new: --licence is missing, such as --licence MIT'],
  [['new', 'x', '--kind', 'local', '--from', 'x'], 'b2p new: --from is not for the kind local'],
  [['new', 'x', '--like', 'y'], 'b2p new: there is no option "--like"'],
  [['new', 'x', '--kind'], 'b2p new: --kind wants a value'],
  [['new', 'x', 'y'], 'b2p new: "y" is too much'],
])('./b2p %j', async (words, message) => {
  const { exitCode, all } = await b2p(...words)
  expect(all?.slice(0, message.length)).toBe(message)
  expect(exitCode).toBe(1)
  expect(existsSync(join(root, 'packages/x'))).toBe(false)
})

test('with a terminal what is missing is asked', async () => {
  const script = `stty cols 100 rows 30; '${process.execPath}' '${CLI}' new asked`
  const talk = spawn('script', ['-qec', script, '/dev/null'], {
    cwd: root,
    env: { ...process.env, TERM: 'xterm' },
  })
  let said = ''
  const answers = new Map([
    ['Where does its source come from?', '\r'],
    ['What is it, in a line?', 'Says hello\r'],
  ])
  talk.stdout.on('data', (piece) => {
    said += piece
    for (const [question, answer] of answers) {
      if (!said.includes(question)) continue
      answers.delete(question)
      talk.stdin.write(answer)
    }
  })
  const code = await new Promise((resolve) => talk.once('close', resolve))
  expect(said).toContain('packages/asked/build.sh')
  expect(code).toBe(0)
  expect(recipe('asked')).toMatchObject({ summary: 'Says hello', source: { local: 'source' } })
})
