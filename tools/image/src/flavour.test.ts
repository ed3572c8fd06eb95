import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Package, parseFlavourFile, type Repository } from '@boot2podman/tcz'
import { expect, test } from 'vitest'
import { joinFlavour, readFlavour } from './flavour.ts'

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

const parse = (text: string) => joinFlavour([parseFlavourFile(text, 'iso/a.json')], packages)

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

test('an image that extends another: what it says, and what that one has', async () => {
  await using repository = await images({
    boot2podman: GOOD,
    more: '{ "extends": "boot2podman", "extensions": ["isolinux"] }',
  })
  expect(repository.read('more')).toMatchObject({ append: 'quiet', extensions: ['core', 'isolinux'] })
})

test.each([
  ['{ "extends": "boot2podman",\n"extensions": ["crio"] }', 'iso/more.json:2: there is no package "crio"'],
  ['{ "extends": "boot2podman",\n"extension": [] }', 'iso/more.json:2: "extension" is not known here'],
  ['{ "extends": "boot2podman",\n"memory": 1 }', 'iso/more.json:2: "memory" must be >= 64'],
  [
    '{ "extends": "boot2podman",\n"extensions": ["core"] }',
    'iso/more.json:2: "core" is in iso/boot2podman.json already\n  take this line out',
  ],
  ['{ "extensions": ["core"] }', 'iso/more.json:1: "label" is missing'],
])('%s is told by its line', async (more, message) => {
  await using repository = await images({ boot2podman: GOOD, more })
  expect(() => repository.read('more')).toThrow(message)
})

test('an image that is not there: those that are', async () => {
  await using repository = await images({ boot2podman: GOOD })
  expect(() => repository.read('boot')).toThrow(
    'iso/boot.json: there is no such image\n  there are: boot2podman',
  )
})

test.each(readdirSync(join(import.meta.dirname, '../../../iso')))(
  "the project's own image %s has the form that its schema wants",
  (file) => {
    const every: Repository = { ...packages, has: () => true } as Repository
    const name = basename(file, '.json')
    expect(readFlavour(join(import.meta.dirname, '../../..'), name, every).extensions[0]).toBe('core')
  },
)

/** A repository with these images. */
async function images(texts: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'flavour-'))
  await mkdir(join(root, 'iso'))
  for (const [name, text] of Object.entries(texts)) await writeFile(join(root, 'iso', `${name}.json`), text)
  return {
    read: (name: string) => readFlavour(root, name, packages),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  }
}
