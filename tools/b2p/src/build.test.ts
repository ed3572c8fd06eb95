import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clone, clone } from './fixture.ts'

let root: string
let repository: Clone
beforeEach(async () => {
  repository = await clone()
  root = repository.root
})
afterEach(() => repository[Symbol.asyncDispose]())

const { write, project, build }: Pick<Clone, 'write' | 'project' | 'build'> = {
  write: (...words) => repository.write(...words),
  project: (...words) => repository.project(...words),
  build: (...words) => repository.build(...words),
}

test('progress and a table; then all from the cache; then only what changed', async () => {
  await project('zlib', {
    build: 'echo "zlib: unpacking"',
    tcz: 'mkdir -p dist/tcz && echo zlib > dist/tcz/zlib.tcz',
  })
  await project('git', { build: 'echo compiling; echo oops >&2', tcz: 'echo git > dist/tcz/git.tcz' }, [
    'zlib',
  ])
  const first = await build('git')
  expect(first.exitCode).toBe(0)
  expect(first.all).toMatch(
    /^To be made: zlib \(build, tcz\), git \(build, tcz\)\.\n\[1\/4\] zlib build\nzlib: unpacking\n\[1\/4\] zlib build: \d\.\d s\n\[2\/4\] zlib tcz\n/,
  )
  expect(first.all).toContain('\ngit: compiling\ngit: oops\n')
  expect(first.all).toMatch(
    /\npackage +size +time +from\ngit +1 kB +\d\.\d s +built\nzlib +1 kB +\d\.\d s +built\n/,
  )
  expect(first.all).toMatch(/\n4 steps, 0 of them from the cache: \d\.\d s\.$/)

  await rm(join(root, 'dist'), { recursive: true })
  const again = await build('git')
  expect(again.all).toMatch(/^\npackage +size +time +from\ngit +1 kB +cache\nzlib +1 kB +cache\n/)
  expect(again.all).toMatch(/\nNothing changed: 4 steps came from the cache: \d\.\d s\.$/)
  expect(await readFile(join(root, 'dist/tcz/git.tcz'), 'utf8')).toBe('git\n')

  await write('packages/git/source', 'changed')
  const changed = await build('git')
  expect(changed.all).toMatch(/^To be made: git \(build, tcz\)\.\n\[\d\/4\] git build\n/)
  expect(changed.all).toMatch(/\n4 steps, 2 of them from the cache/)
})

test('a step that fails: what it said is passed on once, the others are told, exit code 1', async () => {
  await project('zlib', { build: 'echo "packages/zlib/build.sh: broken" >&2; exit 1', tcz: 'true' })
  await project('git', { build: 'true', tcz: 'true' }, ['zlib'])
  const { exitCode, all } = await build('git')
  expect(exitCode).toBe(1)
  expect(all?.match(/broken/g)).toHaveLength(1)
  expect(all).toContain('[1/4] zlib build: FAILED\n')
  expect(all).toMatch(
    /\ngit +not built\nzlib +\d\.\d s +FAILED: build\n\n4 steps, 0 of them from the cache, 1 failed, 3 not run: /,
  )
  expect(all).toMatch(
    /\nzlib: its step "build" failed; what it said is above\n {2}again, alone: \.\/b2p tcz zlib$/,
  )
  expect(all).not.toMatch(/^\s+at /m)
})

test('Ctrl-C ends what runs, and the next call goes on from there', async () => {
  await project('zlib', { build: 'echo done > built', tcz: 'echo $$ > pid; [ -e go ] || sleep 60' })
  const running = build('zlib')
  while (!existsSync(join(root, 'pid'))) await wait(50)
  await wait(200)
  const pid = Number(await readFile(join(root, 'pid'), 'utf8'))
  running.kill('SIGINT')
  const { exitCode, all } = await running
  expect(exitCode).toBe(130)
  expect(all).toContain('Stopping')
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')

  await write('go', '')
  const next = await build('zlib')
  expect(next.exitCode).toBe(0)
  expect(next.all).toMatch(/\n2 steps, 1 of them from the cache/)
})

test('a disk too full to keep what was built: told once, and with room made the next call goes on', async () => {
  await project('zlib', { tcz: 'mkdir -p dist/tcz && head -c 7000000 /dev/zero > dist/tcz/zlib.tcz' })
  const small = join(root, 'small')
  await mkdir(small)
  // In namespaces of its own anybody may mount; the disk goes with them.
  const script = `
    mount -t tmpfs -o size=12M tmpfs '${small}'
    cp -a nx.json package.json main.ts node_modules packages '${small}'
    cd '${small}'
    for size in 12M 100M; do
      mount -o remount,size=$size '${small}'
      '${process.execPath}' main.ts zlib 2>&1 || echo "exit code $?"
    done`
  const { stdout } = await execa('unshare', ['-rm', 'sh', '-c', script], { cwd: root })
  const [full = '', roomy = ''] = stdout.split('exit code 1')
  expect(full.match(/the disk is full: what was built could not be kept/g)).toHaveLength(1)
  expect(full).not.toMatch(/^\s+at /m)
  expect(roomy).toMatch(/\nzlib +7\.0 MB +\d\.\d s +packed anew\n/)
})
