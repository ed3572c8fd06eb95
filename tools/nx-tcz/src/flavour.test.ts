import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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

async function read(text: string) {
  const root = await mkdtemp(join(tmpdir(), 'flavour-'))
  try {
    await writeFile(join(root, 'tiny.json'), text)
    return readFlavour(root, 'tiny.json', PACKAGES)
  } finally {
    await rm(root, { recursive: true })
  }
}

test('its extensions, and all that it takes files from', async () => {
  const text = `{ "extensions": ["core", "podman"], "kernel": "kernel", "initramfs": "initramfs",
    "bootloader": "isolinux", "label": "tiny", "append": "quiet" }`
  expect(await read(text)).toEqual({
    name: 'tiny',
    file: 'tiny.json',
    extensions: ['core', 'podman'],
    packages: ['core', 'podman', 'kernel', 'initramfs', 'isolinux'],
  })
})

test('names that are no packages are told by line, all at once', async () => {
  const bad = read('{\n"kernel": "linux",\n"extensions": ["core",\n"podmann"] }')
  await expect(bad).rejects.toThrow(
    'tiny.json:4: there is no package "podmann"\ntiny.json:2: there is no package "linux"',
  )
})

test('what is no JSON', async () => {
  await expect(read('{')).rejects.toThrow('tiny.json: is not JSON: ')
})

test.each(['null', '5', '{ "extensions": 5 }'])(
  '%s: an image of nothing, for the image tool to refuse',
  async (text) => {
    expect((await read(text)).packages).toEqual([])
  },
)
