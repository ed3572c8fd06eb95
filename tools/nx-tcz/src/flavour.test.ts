import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Package } from '@boot2podman/tcz'
import { expect, test } from 'vitest'
import { readFlavour } from './flavour.ts'

const one = (name: string): [string, Package] => [
  name,
  {
    ...{ name, folder: `packages/${name}`, deps: [], buildDeps: [] },
    ...{ version: '1', licence: 'MIT', summary: 'For a test', source: { local: '.' } },
  },
]
const PACKAGES = new Map(['core', 'podman', 'kernel', 'initramfs', 'isolinux'].map(one))

async function read(files: Record<string, string>, name = 'tiny') {
  const root = await mkdtemp(join(tmpdir(), 'flavour-'))
  try {
    await mkdir(join(root, 'iso'))
    for (const [file, text] of Object.entries(files)) await writeFile(join(root, 'iso', file), text)
    return readFlavour(root, name, PACKAGES)
  } finally {
    await rm(root, { recursive: true })
  }
}

const TINY = `{ "extensions": ["core"], "kernel": "kernel", "initramfs": "initramfs",
    "bootloader": "isolinux", "label": "tiny", "append": "quiet" }`

test('its extensions, and all that it takes files from', async () => {
  expect(await read({ 'tiny.json': TINY })).toMatchObject({
    name: 'tiny',
    file: 'iso/tiny.json',
    bases: [],
    extensions: ['core'],
    packages: ['core', 'kernel', 'initramfs', 'isolinux'],
  })
})

test('one that extends another: what both name, and where', async () => {
  const files = { 'tiny.json': TINY, 'more.json': '{ "extends": "tiny", "extensions": ["podman"] }' }
  const flavour = await read(files, 'more')
  expect(flavour).toMatchObject({
    file: 'iso/more.json',
    bases: [{ name: 'tiny', file: 'iso/tiny.json' }],
    extensions: ['core', 'podman'],
    packages: ['core', 'podman', 'kernel', 'initramfs', 'isolinux'],
  })
  expect(flavour.namedIn.get('core')).toBe('iso/tiny.json')
  expect(flavour.namedIn.get('podman')).toBe('iso/more.json')
})

test.each([
  [
    'a base that is not there',
    { 'a.json': '{\n"extends": "b" }' },
    'iso/a.json:2: there is no image "b"\n  there are: a',
  ],
  ['itself', { 'a.json': '{ "extends": "a" }' }, 'iso/a.json:1: extends itself: a -> a'],
  [
    'a loop',
    { 'a.json': '{ "extends": "b" }', 'b.json': '{\n"extends": "c" }', 'c.json': '{ "extends": "b" }' },
    'iso/c.json:1: extends itself: a -> b -> c -> b\n  let one of them stand by itself',
  ],
  [
    'an extension that the base has',
    { 'a.json': '{ "extends": "b",\n"extensions": ["core"] }', 'b.json': '{ "extensions": ["core"] }' },
    'iso/a.json:2: "core" is in iso/b.json already\n  take this line out',
  ],
])('it extends %s', async (_, files, message) => {
  await expect(read(files, 'a')).rejects.toThrow(message)
})

test('names that are no packages are told by line, all at once', async () => {
  const bad = read({ 'tiny.json': '{\n"kernel": "linux",\n"extensions": ["core",\n"podmann"] }' })
  await expect(bad).rejects.toThrow(
    'iso/tiny.json:4: there is no package "podmann"\niso/tiny.json:2: there is no package "linux"',
  )
})

test('what is no JSON', async () => {
  await expect(read({ 'tiny.json': '{' })).rejects.toThrow('iso/tiny.json:1: ')
})

test.each(['null', '5', '{ "extensions": 5 }'])(
  '%s: an image of nothing, for the image tool to refuse',
  async (text) => {
    expect((await read({ 'tiny.json': text })).packages).toEqual([])
  },
)
