import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, readlink, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatNewc } from './newc.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'newc-'))
})

afterEach(() => rm(folder, { recursive: true }))

test('cpio unpacks folders, files of every length, links and modes', async () => {
  const archive = formatNewc(
    [
      { path: 'a', mode: 0o40755 },
      ...[0, 1, 2, 3, 4, 5].map((length) => ({
        path: `a/${length}`,
        mode: 0o100640,
        content: Buffer.alloc(length, 'x'),
      })),
      { path: 'init', mode: 0o100755, content: Buffer.from('#!/bin/sh\n') },
      { path: 'sh', mode: 0o120777, content: Buffer.from('a/1') },
    ],
    1767225600,
  )
  execFileSync('cpio', ['--extract', '--preserve-modification-time', '--quiet'], {
    cwd: folder,
    input: archive,
  })
  for (const length of [0, 1, 2, 3, 4, 5]) {
    expect(await readFile(join(folder, 'a', String(length)), 'utf8')).toBe('x'.repeat(length))
  }
  const { mode, mtimeMs } = await stat(join(folder, 'init'))
  expect([mode, mtimeMs]).toEqual([0o100755, 1767225600000])
  expect(await readlink(join(folder, 'sh'))).toBe('a/1')
})
