import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readRepository } from '@boot2podman/tcz'
import { Version } from '@cyclonedx/cyclonedx-library/Spec'
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { imageBom } from './bom.ts'
import { writeBoms } from './write-boms.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sbom-'))
})
afterEach(() => rm(root, { recursive: true }))

const tarball = {
  name: 'tool_2.1+ds1.orig.tar.xz',
  version: '2.1+ds1',
  sha256: 'd'.repeat(64),
  package: 'tool',
}

/** A recipe, and what of its result a bill is made from. */
async function extension(name: string, source: object, files: Record<string, string> = {}): Promise<void> {
  const recipe = { version: '1.0', licence: 'MIT OR Apache-2.0', summary: 'For a test', source }
  await write(`packages/${name}/tcz.json`, JSON.stringify(recipe))
  await write(`dist/tcz/${name}.tcz.sha256`, `${name.charCodeAt(0).toString(16).repeat(32)}  ${name}.tcz\n`)
  for (const [file, text] of Object.entries(files)) await write(file, text)
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

async function tool(): Promise<void> {
  await extension(
    'tool',
    { debsrc: 'tool' },
    {
      'packages/tool/tcz.lock': JSON.stringify({ files: [tarball] }),
      'packages/tool/tool.tcz.dep': 'lib.tcz\n',
      'packages/tool/tool.tcz.build-dep': 'crypto-dev.tcz\nlib-dev.tcz\n',
    },
  )
  await extension('lib', { local: '.' })
  await extension(
    'crypto-dev',
    { local: '.' },
    { 'dist/tcz/crypto-dev.tcz.list': 'usr/local/lib/libcrypto.a\n' },
  )
  await extension(
    'lib-dev',
    { local: '.' },
    {
      'dist/tcz/lib-dev.tcz.list': 'usr/local/lib/lib.a\nusr/local/lib/lib.so\n',
    },
  )
}

const bomOf = async (name: string) => readFile(join(root, `dist/tcz/${name}.tcz.cdx.json`), 'utf8')
const bills = (...names: string[]) => writeBoms(root, readRepository(root), names)

test('a package: what it is, its source with its checksum, and what is linked into it', async () => {
  await tool()
  await bills('tool')
  const { metadata, components } = JSON.parse(await bomOf('tool'))
  expect(metadata.component).toMatchObject({
    name: 'tool',
    version: '1.0',
    licenses: [{ expression: 'MIT OR Apache-2.0' }],
    hashes: [{ alg: 'SHA-256', content: '74'.repeat(32) }],
    purl: 'pkg:generic/boot2podman/tool@1.0',
  })
  expect(components).toEqual([
    expect.objectContaining({
      name: tarball.name,
      hashes: [{ alg: 'SHA-256', content: tarball.sha256 }],
      purl: 'pkg:deb/debian/tool@2.1+ds1?arch=source',
    }),
    // Not lib-dev: that one's library is a file of its own while the program runs.
    expect.objectContaining({ name: 'crypto-dev', 'bom-ref': 'tool/crypto-dev' }),
  ])
})

test('an image: each package once, with what it needs; again it is the same to the byte', async () => {
  await tool()
  const make = () => imageBom(root, { name: 'small', version: '3' }, readRepository(root), ['tool', 'lib'])
  const text = await make()
  expect(await make()).toBe(text)
  const { metadata, components, dependencies } = JSON.parse(text)
  expect(metadata.component).toMatchObject({ type: 'operating-system', name: 'small', version: '3' })
  expect(components.map(({ name }: { name: string }) => name)).toEqual(['lib', 'tool'])
  expect(dependencies).toContainEqual({ ref: 'tool', dependsOn: ['lib'] })
  expect(dependencies).toContainEqual({ ref: 'image/small', dependsOn: ['lib', 'tool'] })
})

test('both are what the schema of CycloneDX 1.6 asks for', async () => {
  await tool()
  await bills('tool')
  const image = await imageBom(root, { name: 'small', version: '3' }, readRepository(root), ['tool', 'lib'])
  const validator = new JsonStrictValidator(Version.v1dot6)
  for (const text of [await bomOf('tool'), image]) expect(await validator.validate(text)).toBeNull()
})

test('a bill that is right is left alone; another lock makes another', async () => {
  await tool()
  await bills('tool', 'lib')
  const inode = async (name: string) => (await stat(join(root, `dist/tcz/${name}.tcz.cdx.json`))).ino
  const before = [await inode('tool'), await inode('lib')]
  await bills('tool', 'lib')
  expect([await inode('tool'), await inode('lib')]).toEqual(before)
  const moved = { ...tarball, sha256: 'e'.repeat(64) }
  await write('packages/tool/tcz.lock', JSON.stringify({ files: [moved] }))
  await bills('tool', 'lib')
  expect(await bomOf('tool')).toContain('e'.repeat(64))
  expect(await inode('lib')).toBe(before[1])
})
