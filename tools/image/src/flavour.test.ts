import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Package, Repository } from '@boot2podman/tcz'
import { expect, test } from 'vitest'
import { parseFlavour, readFlavour } from './flavour.ts'

const GOOD = `{
  "label": "boot2podman",
  "kernel": "kernel",
  "initramfs": "initramfs",
  "bootloader": "isolinux",
  "extensions": ["core"],
  "append": "quiet"
}
`

const packages: Repository = new Map(
  ['kernel', 'initramfs', 'isolinux', 'core'].map((name): [string, Package] => [
    name,
    {
      name,
      folder: `packages/${name}`,
      deps: [],
      buildDeps: [],
      version: '1',
      licence: 'MIT',
      summary: 'For a test',
      source: { local: '.' },
    },
  ]),
)

const parse = (text: string) => parseFlavour(text, 'iso/a.json', packages)

test('a good file is read', () => {
  expect(parse(GOOD).extensions).toEqual(['core'])
})

test('a comma too much is told by its line', () => {
  expect(() => parse(GOOD.replace('"quiet"', '"quiet",'))).toThrow('iso/a.json:8')
})

test('all mistakes are told at once, each by its line', () => {
  const text = GOOD.replace('"kernel":', '"kernal":').replace('["core"]', '"core"')
  expect(() => parse(text)).toThrow(/"kernel" is missing/)
  expect(() => parse(text)).toThrow(/iso\/a\.json:3: "kernal" is not known here\n {2}known: .*kernel/)
  expect(() => parse(text)).toThrow('iso/a.json:6: "extensions" must be array')
})

test('another label is refused: the initramfs would not find it', () => {
  expect(() => parse(GOOD.replace('"boot2podman"', '"mine"'))).toThrow(
    'iso/a.json:2: "label" must be "boot2podman"',
  )
})

test('a name that is no package is told by its line, with the way to make one', () => {
  const text = GOOD.replace('["core"]', '[\n    "core",\n    "cor"\n  ]').replace('"isolinux"', '"grub"')
  expect(() => parse(text)).toThrow('iso/a.json:5: there is no package "grub"')
  expect(() => parse(text)).toThrow('iso/a.json:8: there is no package "cor"\n  to make one: ./b2p new cor')
})

test('an image that is not there: those that are', async () => {
  const root = await mkdtemp(join(tmpdir(), 'flavour-'))
  await mkdir(join(root, 'iso'))
  await writeFile(join(root, 'iso/boot2podman.json'), GOOD)
  expect(() => readFlavour(root, 'boot', packages)).toThrow(
    'iso/boot.json: there is no such image\n  there are: boot2podman',
  )
  await rm(root, { recursive: true })
})

test("the project's own image has the form that its schema wants", async () => {
  const text = await readFile(join(import.meta.dirname, '../../../iso/boot2podman.json'), 'utf8')
  const every: Repository = { ...packages, has: () => true } as Repository
  expect(parseFlavour(text, 'iso/boot2podman.json', every).extensions[0]).toBe('core')
})
