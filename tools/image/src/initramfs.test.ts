import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeInitramfs } from './initramfs.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'initramfs-'))
  await mkdir(join(folder, 'below/usr/bin'), { recursive: true })
  await mkdir(join(folder, 'above'))
  await writeFile(join(folder, 'below/usr/bin/busybox'), 'program')
  await chmod(join(folder, 'below/usr/bin/busybox'), 0o755)
  await symlink('busybox', join(folder, 'below/usr/bin/sh'))
  await writeFile(join(folder, 'below/init'), 'old')
  await writeFile(join(folder, 'above/init'), 'new')
})

afterEach(() => rm(folder, { recursive: true }))

test('folders are laid over each other, the last on top; a folder comes before what is in it', async () => {
  const archive = gunzipSync(await makeInitramfs([join(folder, 'below'), join(folder, 'above')], 0))
  const list = execFileSync('cpio', ['--list', '--quiet'], { input: archive, encoding: 'utf8' })
  expect(list.trim().split('\n')).toEqual(['init', 'usr', 'usr/bin', 'usr/bin/busybox', 'usr/bin/sh'])
  expect(archive.includes('new')).toBe(true)
  expect(archive.includes('old')).toBe(false)
})

test('the same files give the same bytes', async () => {
  const one = await makeInitramfs([join(folder, 'below')], 1)
  expect(await makeInitramfs([join(folder, 'below')], 1)).toEqual(one)
})
