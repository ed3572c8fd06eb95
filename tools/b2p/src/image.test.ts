import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Package, Repository } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { edgesBelow, findProject } from './edges.ts'
import { findImage, memoryOf } from './image.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'b2p-'))
  await mkdir(join(root, 'iso'))
  await image('boot2podman', { extensions: ['core'] })
  await image('boot2podman-extra', { extends: 'boot2podman', extensions: ['git'], memory: 2048 })
})
afterEach(() => rm(root, { recursive: true }))

const image = (name: string, value: object) =>
  writeFile(join(root, 'iso', `${name}.json`), JSON.stringify(value))

const PACKAGES: Repository = new Map(
  ['core', 'git', 'extra'].map((name): [string, Package] => [
    name,
    {
      ...{ name, folder: `packages/${name}`, deps: [], buildDeps: [] },
      ...{ version: '1', licence: 'MIT', summary: 'For a test', source: { local: '.' } },
    },
  ]),
)

test('an image is found by its name, or by what is behind that of the default one', () => {
  expect(findImage(root, 'boot2podman')).toBe('boot2podman')
  expect(findImage(root, 'boot2podman-extra')).toBe('boot2podman-extra')
  expect(findImage(root, 'extra')).toBe('boot2podman-extra')
  expect(() => findImage(root, 'more')).toThrow(
    'there is no image "more"\n  known: boot2podman, boot2podman-extra',
  )
})

test("a package's name goes before an image's short one", () => {
  expect(findProject(root, PACKAGES, 'extra')).toBe('extra')
  expect(findProject(root, new Map(), 'extra')).toBe('boot2podman-extra')
})

test('why it holds a package: the file that names it', () => {
  const edges = edgesBelow(root, PACKAGES)('boot2podman-extra')
  expect(edges.map(({ to, file }) => [to, file])).toEqual([
    ['core', 'iso/boot2podman.json'],
    ['git', 'iso/boot2podman-extra.json'],
  ])
})

test('the memory of a machine that is tried', () => {
  expect(memoryOf(root, 'boot2podman')).toBe(512)
  expect(memoryOf(root, 'boot2podman-extra')).toBe(2048)
})
