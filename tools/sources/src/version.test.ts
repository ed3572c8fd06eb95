import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomic } from '@boot2podman/kit'
import type { Package } from '@boot2podman/tcz'
import { expect, test } from 'vitest'
import { testFolder } from './fixture.ts'
import { checkVersion, moveVersion, plainVersion } from './version.ts'

test.each([
  ['2.1.13+ds1', '2.1.13'],
  ['1:1.37.0-6', '1.37.0'],
  ['0.0~git20260728.f8df3f1-1~bpo13+1', '20260728'],
  ['1:1.3.dfsg+really1.3.1-1+deb13u1', '1.3.1'],
  ['1.96.0+dfsg1-1~deb13u1+b1', '1.96.0'],
  ['20250419+deb13u1', '20250419'],
])("Debian's %s is the authors' %s", (debian, authors) => {
  expect(plainVersion(debian)).toBe(authors)
})

const pkg = { name: 'x', folder: 'packages/x', version: '1.0', source: { debsrc: 'x' } } as Package

test('a version that is not the pinned one is told', async () => {
  const root = testFolder()
  const locked = { name: 'x_1.1.orig.tar.gz', version: '1.1', sha256: 'a'.repeat(64) }
  await writeAtomic(join(root, 'packages/x/tcz.lock'), JSON.stringify({ files: [locked] }))
  expect(() => checkVersion(root, pkg)).toThrow('packages/x/tcz.json: asks for x 1.0, but 1.1 is pinned')
})

test('what stands in for a Go module has a version of its own', async () => {
  const root = testFolder()
  const files = [
    { name: 'vendor.tar', version: '1.0', sha256: 'a'.repeat(64) },
    { name: 'y_2.0.orig.tar.gz', version: '2.0', sha256: 'b'.repeat(64), package: 'y' },
  ]
  await writeAtomic(join(root, 'packages/x/tcz.lock'), JSON.stringify({ files }))
  const source = { go: 'example.test/x', replace: { './y': { debsrc: 'y' } } }
  expect(() => checkVersion(root, { ...pkg, source })).not.toThrow()
  expect(() => checkVersion(root, { ...pkg, source, version: '1.1' })).toThrow('but 1.0 is pinned')
})

test('a moved version leaves the rest of the recipe as it was written', async () => {
  const root = testFolder()
  const file = join(root, 'packages/x/tcz.json')
  await writeAtomic(file, '{ "version": "1.0",\n\n  "licence": "MIT" }\n')
  await moveVersion(root, pkg, '1.1+ds', () => {})
  expect(readFileSync(file, 'utf8')).toBe('{ "version": "1.1",\n\n  "licence": "MIT" }\n')
})
