import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { run } from '@boot2podman/kit'
import { expect, onTestFinished, test } from 'vitest'
import { serveFolder } from '../web-server.ts'

// What Tiny Core's own programs ask of a repository, field by field, on the one that was built. As they would, it reads
// the files alone; no code of the builder has a hand in it.

const FOLDER = join(import.meta.dirname, '../../../dist/tcz')
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const lines = (text: string) => text.split('\n').filter((line) => line !== '')
const extensions = lines(read('info.lst'))

/** Records of `provides.db` and `dep.db`: split by an empty line, the first line is the name. */
function records(name: string): Map<string, string[]> {
  const all = read(name)
    .split('\n\n')
    .filter((record) => record !== '')
  return new Map(
    all.map((record) => {
      const [first = '', ...rest] = lines(record)
      return [first, rest]
    }),
  )
}

test('info.lst: a file name a line; beside each lie the seven files that Tiny Core knows, and ours', () => {
  expect(extensions).toEqual(expect.arrayContaining(['core.tcz', 'podman.tcz', 'compiletc.tcz', 'go.tcz']))
  const suffixes = ['', '.dep', '.info', '.list', '.md5.txt', '.tree', '.zsync', '.sha256', '.cdx.json']
  const missing = extensions.flatMap((name) => suffixes.map((suffix) => name + suffix))
  expect(missing.filter((file) => !existsSync(join(FOLDER, file)))).toEqual([])
})

test.each(extensions)('%s: squashfs 4, as its kernel mounts it', (name) => {
  const head = Buffer.alloc(64)
  const file = openSync(join(FOLDER, name), 'r')
  readSync(file, head)
  closeSync(file)
  expect(head.toString('latin1', 0, 4)).toBe('hsqs')
  expect([head.readUInt16LE(28), head.readUInt16LE(30)]).toEqual([4, 0])
})

test.each(extensions)('%s.info: twelve fields in their order, their values from column 16 on', (name) => {
  const text = read(`${name}.info`)
  const fields = [...text.matchAll(/^([\w-]+):( *)(\S.*)$/gm)]
  expect(fields.map(([, field]) => field)).toEqual([
    ...['Title', 'Description', 'Version', 'Author', 'Original-site', 'Copying-policy'],
    ...['Size', 'Extension_by', 'Tags', 'Comments', 'Change-log', 'Current'],
  ])
  for (const [, field = '', blanks = ''] of fields) expect(field.length + 1 + blanks.length).toBe(16)
  // What is no field goes on with the one above, from the same column.
  for (const line of lines(text)) expect(line).toMatch(/^(?:[\w-]+:| {16}\S)/)
  const value = (field: string) => fields.find(([, one]) => one === field)?.[3]
  expect(value('Title')).toBe(name)
  expect(value('Size')).toMatch(/^(?:\d+K|\d+\.\dMB)$/)
  expect(value('Extension_by')).toBe('boot2podman')
  for (const field of ['Description', 'Version', 'Copying-policy']) expect(value(field)).not.toBe('n/a')
})

test('.md5.txt and .sha256: the very lines that md5sum and sha256sum print', async () => {
  for (const [program, suffix] of [
    ['md5sum', 'md5.txt'],
    ['sha256sum', 'sha256'],
  ] as const) {
    const printed = lines(await run(program, extensions, { cwd: FOLDER }))
    expect(printed).toEqual(extensions.map((name) => read(`${name}.${suffix}`).replace(/\n$/, '')))
  }
})

test.each(extensions)('%s.list: each path that is no folder, without a leading slash', async (name) => {
  const listed = await run('unsquashfs', ['-lls', '-dest', '', join(FOLDER, name)])
  const paths = lines(listed)
    .filter((line) => /^[-lcbps]/.test(line))
    .map((line) => /^\S+ \S+ +[\d, ]+ \S+ \S+ \/?(.*?)(?: -> .*)?$/.exec(line)?.[1] ?? line)
  expect(lines(read(`${name}.list`)).sort()).toEqual(paths.sort())
})

test('.dep: direct needs, one a line, each in the repository; dep.db has the same', () => {
  const database = records('dep.db')
  expect([...database.keys()]).toEqual(extensions)
  for (const name of extensions) {
    const deps = lines(read(`${name}.dep`))
    for (const dep of deps) expect(extensions).toContain(dep)
    expect(database.get(name)).toEqual(deps)
  }
})

test('.tree: depth first, three blanks a level, repeated where needed again, an empty line at the end', () => {
  const tree = (name: string, level: number): string =>
    `${'   '.repeat(level)}${name}\n${lines(read(`${name}.dep`))
      .map((dep) => tree(dep, level + 1))
      .join('')}`
  for (const name of extensions) expect(read(`${name}.tree`)).toBe(`${tree(name, 0)}\n`)
})

test('tags.db, md5.db, sizelist, provides.db: a line or a record for each, in the same order', () => {
  const tags = lines(read('tags.db')).map((line) => /^(\S+)[ \t](.*)$/.exec(line) ?? [])
  expect(tags.map(([, name]) => name)).toEqual(extensions)
  for (const [, name, words] of tags) {
    const told = /^Tags: +(.*)$/m.exec(read(`${name}.info`))?.[1]
    expect(words).toBe(told === 'n/a' ? '' : told)
  }
  // Compared as a whole line.
  expect(read('md5.db')).toBe(extensions.map((name) => read(`${name}.md5.txt`)).join(''))
  expect(lines(read('sizelist'))).toEqual(
    extensions.map((name) => `${name} ${statSync(join(FOLDER, name)).size}`),
  )
  const provides = records('provides.db')
  expect([...provides.keys()]).toEqual(extensions)
  for (const name of extensions) expect(provides.get(name)).toEqual(lines(read(`${name}.list`)))
})

test('each index lies there plain and gzipped', async () => {
  for (const name of ['info.lst', 'tags.db', 'md5.db', 'sizelist', 'provides.db', 'dep.db']) {
    expect(gunzipSync(await readFile(join(FOLDER, `${name}.gz`))).toString()).toBe(read(name))
  }
})

test('the signed index: a version, a year, and the checksum of all that a machine takes from here', async () => {
  const [title, version, expires = '', ...files] = lines(read('index'))
  expect([title, version]).toEqual(['boot2podman-repository 1', expect.stringMatching(/^version \d{10,}$/)])
  const left = Date.parse(expires.replace('expires ', '')) - Date.now()
  expect(left / 86_400_000).toBeGreaterThan(180)
  const fields = files.map((line) => line.split('  '))
  const names = fields.map(([, , name = '']) => name)
  expect(names).toEqual(names.toSorted())
  expect(names).toEqual(expect.arrayContaining(extensions.flatMap((name) => [name, `${name}.dep`])))
  for (const [sha256, size, name = ''] of fields)
    expect(statSync(join(FOLDER, name)).size, sha256).toBe(Number(size))
  const sums = fields.map(([sha256, , name]) => `${sha256}  ${name}\n`).join('')
  await run('sha256sum', ['--check', '--strict', '--quiet'], { cwd: FOLDER, input: sums })
})

test.each(extensions)('%s.zsync: its fields, and the checksum of the whole', async (name) => {
  const text = readFileSync(join(FOLDER, `${name}.zsync`), 'latin1')
  const head = text.slice(0, text.indexOf('\n\n')).split('\n')
  const fields = new Map(head.map((line) => line.split(': ') as [string, string]))
  expect([...fields.keys()]).toEqual([
    ...['zsync', 'Filename', 'MTime', 'Blocksize', 'Length', 'Hash-Lengths', 'URL', 'SHA-1'],
  ])
  const content = await readFile(join(FOLDER, name))
  expect([fields.get('Filename'), fields.get('URL'), fields.get('Length')]).toEqual([
    name,
    // Beside it, whatever the mirror is called.
    name,
    String(content.length),
  ])
  expect(fields.get('SHA-1')).toBe(createHash('sha1').update(content).digest('hex'))
})

test('zsync itself brings a file up to date from any static web server, and takes over the network what changed', async () => {
  await using server = await serveFolder(FOLDER)
  const work = await mkdtemp(join(tmpdir(), 'zsync-'))
  onTestFinished(() => rm(work, { recursive: true }))
  const old = await readFile(join(FOLDER, 'busybox.tcz'))
  old.fill(0, 500_000, 520_000)
  await writeFile(join(work, 'busybox.tcz'), old)
  const url = `http://127.0.0.1:${server.port}/busybox.tcz.zsync`
  const said = await run('sh', ['-c', 'exec zsync -i busybox.tcz "$1" 2>&1', 'sh', url], { cwd: work })
  expect(said).toContain('verifying download...checksum matches OK')
  const [, local, fetched] = /used (\d+) local, fetched (\d+)/.exec(said) ?? []
  expect(Number(local)).toBeGreaterThan(1_000_000)
  expect(Number(fetched)).toBeLessThan(60_000)
  expect(await readFile(join(work, 'busybox.tcz'))).toEqual(await readFile(join(FOLDER, 'busybox.tcz')))
})

test('no part of a file lies there', async () => {
  expect((await readdir(FOLDER)).filter((file) => file.startsWith('.') || file.endsWith('.part'))).toEqual([])
})
