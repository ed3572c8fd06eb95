import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { run } from '@boot2podman/kit'
import { formatDep, formatInfo, formatList, formatMd5, formatSha256, readRepository } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatSigners } from './key.ts'
import { parseIndex } from './signed-index.ts'
import { builtExtensions, writeIndex } from './write-index.ts'

let root: string
let key: string | undefined
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'repository-'))
  key = process.env.B2P_REPOSITORY_KEY
  process.env.B2P_REPOSITORY_KEY = join(root, 'keys/one')
})
afterEach(async () => {
  if (key === undefined) delete process.env.B2P_REPOSITORY_KEY
  else process.env.B2P_REPOSITORY_KEY = key
  await rm(root, { recursive: true })
})

const RECIPE = { version: '1', licence: 'MIT', summary: 'For a test', source: { local: '.' } }
const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
const read = (name: string) => readFile(join(root, 'dist/tcz', name), 'utf8')

async function index(now = new Date('2026-05-01T00:00:00Z')): Promise<string[]> {
  const extensions = await builtExtensions(root, readRepository(root))
  await writeIndex(root, extensions, now)
  return extensions.map(({ name }) => name)
}

/** A recipe, and what the builder would have made of it. */
async function extension(
  name: string,
  content: string,
  deps: string[] = [],
  tags: string[] = [],
): Promise<void> {
  await mkdir(join(root, 'packages', name), { recursive: true })
  await mkdir(join(root, 'dist/tcz'), { recursive: true })
  await writeFile(join(root, 'packages', name, 'tcz.json'), JSON.stringify(RECIPE))
  const files = {
    '': content,
    '.dep': formatDep(deps),
    '.info': formatInfo({ ...RECIPE, name, size: content.length, tags }),
    '.list': formatList([`usr/local/bin/${name}`, `usr/local/lib/${name}.so`]),
    '.md5.txt': formatMd5(name, hex('md5', content)),
    '.sha256': formatSha256(name, hex('sha256', content)),
    '.tree': '',
    '.zsync': '',
  }
  for (const [suffix, text] of Object.entries(files)) {
    await writeFile(join(root, 'dist/tcz', `${name}.tcz${suffix}`), text)
  }
}

test("Tiny Core's six indexes, each with its .gz; one that is not built whole, or whose recipe is not pinned, is not in them", async () => {
  await extension('tool', 'a tool', ['lib'], ['small', 'sharp'])
  await extension('lib', 'a library')
  await extension('half', 'no .zsync')
  await rm(join(root, 'dist/tcz/half.tcz.zsync'))
  await extension('old', 'left by another recipe of its name')
  await writeFile(
    join(root, 'packages/old/tcz.json'),
    JSON.stringify({ ...RECIPE, source: { go: 'example.org/new' } }),
  )
  expect(await index()).toEqual(['lib', 'tool'])
  expect(await read('info.lst')).toBe('lib.tcz\ntool.tcz\n')
  expect(await read('tags.db')).toBe('lib.tcz\t\ntool.tcz\tsmall sharp\n')
  expect(await read('md5.db')).toBe(
    `${hex('md5', 'a library')}  lib.tcz\n${hex('md5', 'a tool')}  tool.tcz\n`,
  )
  expect(await read('sizelist')).toBe('lib.tcz 9\ntool.tcz 6\n')
  expect(await read('provides.db')).toBe(
    'lib.tcz\nusr/local/bin/lib\nusr/local/lib/lib.so\n\ntool.tcz\nusr/local/bin/tool\nusr/local/lib/tool.so\n\n',
  )
  expect(await read('dep.db')).toBe('lib.tcz\n\ntool.tcz\nlib.tcz\n\n')
  for (const name of ['info.lst', 'tags.db', 'md5.db', 'sizelist', 'provides.db', 'dep.db']) {
    expect(gunzipSync(await readFile(join(root, 'dist/tcz', `${name}.gz`))).toString()).toBe(await read(name))
  }
})

test('the index names every file that a machine believes, and its signature holds', async () => {
  await extension('tool', 'a tool')
  await index()
  const { files } = parseIndex(await read('index'), 'index')
  const databases = ['dep.db', 'info.lst', 'md5.db', 'provides.db', 'sizelist', 'tags.db']
  expect(files.map(({ name }) => name)).toEqual(
    [...databases.flatMap((name) => [name, `${name}.gz`]), 'tool.tcz', 'tool.tcz.dep'].sort(),
  )
  for (const { name, sha256, size } of files) {
    const content = await readFile(join(root, 'dist/tcz', name))
    expect([name, size, sha256]).toEqual([
      name,
      content.length,
      createHash('sha256').update(content).digest('hex'),
    ])
  }
  await writeFile(join(root, 'signers'), await formatSigners())
  expect(await verify(await read('index'))).toContain('Good "boot2podman-repository" signature')
  await expect(verify(`${await read('index')}\n`)).rejects.toThrow('incorrect signature')
})

function verify(text: string): Promise<string> {
  const who = ['-f', join(root, 'signers'), '-I', 'boot2podman', '-n', 'boot2podman-repository']
  return run('ssh-keygen', ['-Y', 'verify', ...who, '-s', join(root, 'dist/tcz/index.sig')], { input: text })
}

test('what has not changed is not written again; another key signs the same index', async () => {
  await extension('tool', 'a tool')
  await index()
  const times = async () => {
    const names = (await readdir(join(root, 'dist/tcz'))).sort()
    return Promise.all(names.map(async (name) => [name, (await stat(join(root, 'dist/tcz', name))).ino]))
  }
  const before = await times()
  await index(new Date('2026-06-01T00:00:00Z'))
  expect(await times()).toEqual(before)

  process.env.B2P_REPOSITORY_KEY = join(root, 'keys/another')
  await index()
  const changed = (await times()).filter(([, inode], place) => inode !== before[place]?.[1])
  expect(changed.map(([name]) => name)).toEqual(['index.sig'])
})

test('a .tcz that is not what its .sha256 says is told, and nothing is signed', async () => {
  await extension('tool', 'a tool')
  await writeFile(join(root, 'dist/tcz/tool.tcz'), 'a fool')
  await expect(index()).rejects.toThrow(
    /^dist\/tcz\/tool\.tcz: it is not what tool\.tcz\.sha256 says: [\s\S]*b2p tcz tool$/,
  )
  expect(await readdir(join(root, 'dist/tcz'))).not.toContain('index')
})

test('a key that cannot be made is told with the way out', async () => {
  await extension('tool', 'a tool')
  await writeFile(join(root, 'file'), '')
  process.env.B2P_REPOSITORY_KEY = join(root, 'file/key')
  await expect(index()).rejects.toThrow(/file\/key: the key [\s\S]*export B2P_REPOSITORY_KEY=FILE$/)
})

test('two that begin at the same time make one key', async () => {
  await extension('tool', 'a tool')
  const signers = await Promise.all([formatSigners(), formatSigners(), formatSigners()])
  expect(new Set(signers).size).toBe(1)
  expect(await readdir(join(root, 'keys'))).toEqual(['one'])
})

test('nothing built: nothing is written, no key is made', async () => {
  expect(await index()).toEqual([])
  expect(await readdir(root)).toEqual([])
})
