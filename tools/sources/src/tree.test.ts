import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { writeAtomic } from '@boot2podman/kit'
import { beforeEach, expect, test } from 'vitest'
import { testFolder } from './fixture.ts'
import { mergeUsr } from './merge-usr.ts'
import { settleModes } from './modes.ts'
import { keepOnly } from './select.ts'
import { pack, unpackTar } from './tar.ts'

let folder: string
const put = (path: string) => writeAtomic(join(folder, path), path)
const files = () =>
  execFileSync('find', ['.', '!', '-type', 'd'], { cwd: folder, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
    .sort()

beforeEach(() => {
  folder = testFolder()
})

test('/lib and the like move below /usr, and links still lead where they led', async () => {
  await put('usr/lib/a.so')
  await put('lib/x86_64/b.so.1')
  await put('sbin/tool')
  symlinkSync('b.so.1', join(folder, 'lib/x86_64/b.so'))
  symlinkSync('../usr/lib/a.so', join(folder, 'lib/c.so'))
  symlinkSync('../lib/x86_64/b.so.1', join(folder, 'sbin/link'))
  symlinkSync('usr/bin', join(folder, 'bin'))
  await mergeUsr(folder)
  expect(files()).toEqual([
    './usr/lib/a.so',
    './usr/lib/c.so',
    './usr/lib/x86_64/b.so',
    './usr/lib/x86_64/b.so.1',
    './usr/sbin/link',
    './usr/sbin/tool',
  ])
  expect(readFileSync(join(folder, 'usr/lib/c.so'), 'utf8')).toBe('usr/lib/a.so')
  expect(readFileSync(join(folder, 'usr/sbin/link'), 'utf8')).toBe('lib/x86_64/b.so.1')
  expect(readlinkSync(join(folder, 'usr/lib/x86_64/b.so'))).toBe('b.so.1')
})

test('only what a glob names is kept, never documents, and no empty folders', async () => {
  for (const path of ['usr/bin/a', 'usr/lib/x/.hidden', 'usr/share/doc/x/copyright', 'etc/x.conf'])
    await put(path)
  await keepOnly(folder, ['usr/**'], 'tcz.json')
  expect(files()).toEqual(['./usr/bin/a', './usr/lib/x/.hidden'])
  expect(existsSync(join(folder, 'etc'))).toBe(false)
})

test('a glob that names nothing is told with its file', async () => {
  await put('usr/bin/a')
  await expect(keepOnly(folder, ['usr/bin/*', 'lib/*'], 'packages/x/tcz.json')).rejects.toThrow(
    'packages/x/tcz.json: no file is named by "lib/*"',
  )
})

test('modes do not depend on who unpacked', async () => {
  for (const path of ['closed/file', 'run', 'setuid']) await put(path)
  chmodSync(join(folder, 'closed/file'), 0o400)
  chmodSync(join(folder, 'closed'), 0o500)
  chmodSync(join(folder, 'run'), 0o700)
  chmodSync(join(folder, 'setuid'), 0o4711)
  await settleModes(folder)
  const mode = (path: string) => (statSync(join(folder, path)).mode & 0o7777).toString(8)
  expect(['closed', 'closed/file', 'run', 'setuid'].map(mode)).toEqual(['755', '644', '755', '4755'])
})

test('the one top folder of a tarball is left away, even with an entry of its own name', async () => {
  await put('in/x/x')
  await put('in/x/y')
  execFileSync('tar', ['-C', join(folder, 'in'), '-cf', join(folder, 'x.tar'), 'x'])
  mkdirSync(join(folder, 'out'))
  await unpackTar(join(folder, 'x.tar'), join(folder, 'out'))
  expect(readFileSync(join(folder, 'out/x'), 'utf8')).toBe('in/x/x')
  expect(existsSync(join(folder, 'out/y'))).toBe(true)
})

test('the same files make the same tarball, whenever they were written', async () => {
  for (const one of ['one', 'two']) await writeAtomic(join(folder, one, 'a/b'), 'same')
  utimesSync(join(folder, 'two/a/b'), 1, 1)
  chmodSync(join(folder, 'two/a/b'), 0o600)
  for (const one of ['one', 'two']) await pack(join(folder, one), join(folder, `${one}.tar`))
  expect(readFileSync(join(folder, 'one.tar')).equals(readFileSync(join(folder, 'two.tar')))).toBe(true)
})
