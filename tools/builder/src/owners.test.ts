import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Package } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOwners, readOwners } from './owners.ts'

let root: string
const pkg = { name: 'a', folder: 'packages/a' } as Package

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'owners-'))
  await mkdir(join(root, 'packages/a'), { recursive: true })
})

afterEach(() => rm(root, { recursive: true }))

const write = (text: string) => writeFile(join(root, 'packages/a/rootfs.owners'), text)

test('a recipe without the file has none', () => {
  expect(readOwners(root, pkg)).toEqual([])
})

test('lines are sorted, comments and empty lines left out', async () => {
  await write('# people\n\nhome/tc/ 1001 50 755\netc/shadow 0 0 600\n')
  expect(readOwners(root, pkg)).toEqual([
    { path: 'etc/shadow', uid: 0, gid: 0, mode: '600' },
    { path: 'home/tc', uid: 1001, gid: 50, mode: '755' },
  ])
})

test('all bad lines are told at once', async () => {
  await write('/home/tc 1001 50 755\nhome tc staff 755\nhome 0 0 755\nhome 0 0 999')
  expect(() => readOwners(root, pkg)).toThrow(/owners:1: .*\n.*\n.*owners:2: .*\n.*\n.*owners:4: /)
})

test('a path that is not in the package is told', () => {
  expect(() => checkOwners(root, [{ path: 'gone', uid: 0, gid: 0, mode: '4755' }], pkg)).toThrow(
    'packages/a/rootfs.owners: there is no gone in a',
  )
})
