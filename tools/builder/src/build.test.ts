import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { expect, test } from 'vitest'
import { fixture, isRoot } from './fixtures.ts'

test('a recipe is built: patches, rootfs, owners; the log has all, the terminal the progress', async () => {
  await using one = await fixture('hello')
  const { output, code } = await one.cli('build', 'hello')
  expect(output).toMatch(/^hello: sets the version\nhello: built in \d+ s, \d+ kB\n$/)
  expect(code).toBe(0)
  const list = await run('tar', ['-tvf', join(one.root, 'dist/build/hello.tar'), '--numeric-owner'])
  expect(list.replace(/ {2,}/g, ' ').replaceAll(' 2026-01-01 00:00', '').split('\n')).toEqual([
    'drwxr-xr-x 0/0 0 etc/',
    'drwxr-xr-x 0/0 0 home/',
    'drwx------ 0/0 0 root/',
    'drwxr-xr-x 0/0 0 usr/',
    'drwxr-xr-x 0/0 0 usr/local/',
    'drwxr-xr-x 0/0 0 usr/local/bin/',
    '-rwxr-xr-x 0/0 32 usr/local/bin/hello',
    'lrwxrwxrwx 0/0 0 usr/local/bin/hi -> hello',
    'drwxr-xr-x 0/0 0 usr/local/share/',
    'drwxr-xr-x 0/0 0 usr/local/share/hello/',
    expect.stringMatching(/^-rw-r--r-- 0\/0 \d+ usr\/local\/share\/hello\/circumstances$/),
    '-rw-r----- 0/50 15 etc/hello.conf',
    'drwxr-x--- 1001/50 0 home/someone/',
    'drwxr-xr-x 1001/50 0 home/someone/.config/',
    '-rw-r--r-- 1001/50 11 home/someone/.config/hello',
    '',
  ])
  expect(await readFile(join(one.root, 'dist/build/hello.log'), 'utf8')).toBe(
    'hello: sets the version\nin the log only\n',
  )
  expect(await readdir(join(one.cache, 'work'))).toEqual([])
})

test('the same bytes in another folder, and as another user', async () => {
  await using one = await fixture('hello')
  await using two = await fixture('hello', 'nobody')
  for (const { root, cli } of [one, two]) {
    for (const step of ['build', 'tcz', 'check']) {
      expect(await cli(step, 'hello')).toMatchObject({ code: 0, output: expect.stringContaining('built in') })
    }
    expect(await readdir(join(root, 'dist/tcz'))).toHaveLength(10)
  }
  const files = ['build/hello.tar', 'check/hello.json']
  for (const suffix of ['', '.dep', '.list', '.info', '.tree', '.md5.txt', '.sha256', '.zsync']) {
    files.push(`tcz/hello.tcz${suffix}`)
  }
  for (const file of files) {
    const [first, second] = await Promise.all(
      [one, two].map(({ root }) => readFile(join(root, 'dist', file))),
    )
    expect(first?.equals(second ?? Buffer.of()), file).toBe(true)
  }
})

test('there is no network in a build', async () => {
  await using one = await fixture('failing')
  const { code, output } = await one.cli('build', 'network')
  expect(output).toMatch(/^packages\/network\/build.sh: failed with exit code 1\n.*Network is unreachable/)
  expect(code).toBe(1)
})

test('a failure tells script, exit code, the last 30 lines and where all are', async () => {
  await using one = await fixture('failing')
  const { code, output } = await one.cli('build', 'fails')
  const lines = output.trimEnd().split('\n')
  expect(lines.slice(0, 2)).toEqual(['packages/fails/build.sh: failed with exit code 3', '  72'])
  expect(lines.slice(-2)).toEqual(['  there is no such thing', '  all that it wrote: dist/build/fails.log'])
  expect(code).toBe(1)
  const log = await readFile(join(one.root, 'dist/build/fails.log'), 'utf8')
  expect(log).toMatch(/^1\n2\n.*there is no such thing\nfrom the log of its own\n$/s)
  expect(await readdir(join(one.root, 'dist/build'))).toEqual(['fails.log'])
})

test('a patch that does not apply is named', async () => {
  await using one = await fixture('failing')
  const { output } = await one.cli('build', 'patched')
  expect(output).toMatch(/^packages\/patched\/patches\/1.patch: does not apply to 1.0\n/)
})

test('what has to be built first is named', async () => {
  await using one = await fixture('failing')
  const { output } = await one.cli('build', 'missing')
  expect(output).toBe(
    'packages/missing: dist/tcz/large.tcz is not there yet\n  to build it: ./b2p tcz large\n',
  )
})

test.each(['SIGINT', 'SIGKILL'] as const)(
  'ended by %s it leaves nothing, and the next run goes on',
  async (signal) => {
    await using one = await fixture('failing')
    const child = one.start('build', 'slow')
    let output = ''
    child.stderr?.on('data', (chunk) => (output += chunk))
    await once(child.stdout ?? child, 'data')
    child.kill(signal)
    const [code] = await once(child, 'close')
    if (signal === 'SIGINT') {
      expect(output).toBe('slow: stopped; the next run goes on from here\n')
      expect(code).toBe(130)
      expect(await readdir(join(one.cache, 'work'))).toEqual([])
    }
    await writeFile(join(one.root, 'packages/slow/build.sh'), '#!/bin/sh\necho quick\n')
    expect(await one.cli('build', 'slow')).toMatchObject({ code: 0 })
    expect(await readdir(join(one.cache, 'work'))).toEqual([])
    expect(await readdir(join(one.root, 'dist/build'))).toEqual(['slow.log', 'slow.tar'])
  },
)

test.runIf(isRoot)('a full disk is told with place and way out, and leaves nothing', async () => {
  await using one = await fixture('failing')
  await run('mkdir', [one.cache])
  await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', one.cache])
  try {
    const { code, output } = await one.cli('build', 'large')
    expect(output).toMatch(
      /^disk: it is full\n {2}met by .*build.sh.*\n {2}\/.*\/cache: \d+ MB free\n {2}.*\/dist: \d+ MB free\n {2}make room/,
    )
    expect(code).toBe(1)
    expect(await readdir(join(one.cache, 'work'))).toEqual([])
  } finally {
    await run('umount', [one.cache])
  }
})

test('a result that is kept under the hash is taken by another clone, unless it is damaged', async () => {
  await using one = await fixture('hello')
  one.env.NX_TASK_HASH = '1234'
  const tar = join(one.root, 'dist/build/hello.tar')
  expect((await one.cli('build', 'hello')).output).toMatch(/built in \d+ s/)
  const built = await readFile(tar)
  await run('rm', ['-r', join(one.root, 'dist/build')])
  expect((await one.cli('build', 'hello')).output).toMatch(/^hello: from the cache, \d+ kB\n$/)
  expect((await readFile(tar)).equals(built)).toBe(true)
  await writeFile(join(one.cache, 'results/1234/hello.tar'), 'damaged')
  expect((await one.cli('build', 'hello')).output).toMatch(/built in \d+ s/)
  expect((await readFile(tar)).equals(built)).toBe(true)
  expect((await one.cli('build', 'hello')).output).toMatch(/from the cache/)
})

test('a build cannot lead us out of its folder by a link', async () => {
  await using one = await fixture('failing')
  const script = '#!/bin/sh\nrm -r "$DESTDIR" "$LOG"; ln -s / "$DESTDIR"; ln -s / "$DESTDIR/etc"\n'
  await writeFile(join(one.root, 'packages/fails/build.sh'), script)
  await run('mkdir', ['-p', join(one.root, 'packages/fails/rootfs/etc/never')])
  const { output } = await one.cli('build', 'fails')
  expect(output).toBe('packages/fails/rootfs/etc: is a folder, and the build made a link there\n')
})
