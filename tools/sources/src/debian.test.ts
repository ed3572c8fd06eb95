import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Workplace } from './fixture.ts'
import { fetchSource, pinSource, unpackSource } from './index.ts'

/** A Debian archive of two packages and a source, signed by a key of its own. */
const archive = mkdtempSync(join(tmpdir(), 'archive-'))
const keys = join(archive, 'keys')
let work: Workplace

beforeAll(() => {
  mkdirSync(keys, { mode: 0o700 })
  gpg('--quick-generate-key', 'archive@example.test', 'ed25519', 'sign', 'never')
  gpg('--output', join(archive, 'keyring.gpg'), '--export')
  process.env.B2P_DEBIAN_MIRROR = `file:${join(archive, 'debian')}`
  process.env.B2P_DEBIAN_KEYRING = join(archive, 'keyring.gpg')
})
afterAll(() => {
  execFileSync('gpgconf', ['--homedir', keys, '--kill', 'all'])
  rmSync(archive, { recursive: true })
})
beforeEach(() => {
  work = new Workplace()
  publish('1.0')
})

test('files of a Debian package are pinned, and unpacked without the archive', async () => {
  const pkg = await work.recipe({ deb: ['hello'], files: ['usr/bin/*'] })
  await pinSource(work.root, pkg)
  rmSync(join(archive, 'debian'), { recursive: true })
  await unpackSource(work.root, pkg, join(work.root, 'out'))
  expect(globSync('**', { cwd: join(work.root, 'out') })).toEqual(['.', 'usr', 'usr/bin', 'usr/bin/hello'])
})

test('with dependencies, the lock holds all that the package needs', async () => {
  await pinSource(work.root, await work.recipe({ deb: ['hello'], dependencies: true }))
  expect(locked()).toEqual(['hello_1.0-1_all.deb', 'libhello_1.0-1_all.deb'])
})

test('a pin that the archive no longer holds is told with what it has', async () => {
  const pkg = await work.recipe({ deb: ['hello'] })
  await pinSource(work.root, pkg)
  forget()
  publish('1.1')
  await expect(fetchSource(work.root, pkg)).rejects.toThrow(
    'packages/hello: Debian no longer holds hello 1.0-1\n  it has 1.1-1; to move the pin: ./b2p pin hello',
  )
  await pinSource(work.root, pkg)
  expect(work.package().version).toBe('1.1')
  await fetchSource(work.root, work.package())
})

test('so is a source package; a new revision of the same tarball still fits the pin', async () => {
  const pkg = await work.recipe({ debsrc: 'hello' })
  await pinSource(work.root, pkg)
  forget()
  publish('1.0', '2')
  await unpackSource(work.root, pkg, join(work.root, 'out'))
  expect(readFileSync(join(work.root, 'out/version'), 'utf8')).toBe('1.0')
  forget()
  publish('1.1')
  await expect(fetchSource(work.root, pkg)).rejects.toThrow(
    'no longer holds hello 1.0\n  it has 1.1; to move',
  )
})

test('a name that the archive does not have is told', async () => {
  const pkg = await work.recipe({ deb: ['hullo'], dependencies: true })
  await expect(pinSource(work.root, pkg)).rejects.toThrow('packages/hello: Debian no longer holds hullo')
})

/** Empties the cache, the index too. */
function forget(): void {
  rmSync(join(work.root, 'cache'), { recursive: true })
}

function locked(): string[] {
  const { files } = JSON.parse(readFileSync(join(work.root, 'packages/hello/tcz.lock'), 'utf8'))
  return files.map(({ name }: { name: string }) => name)
}

function publish(version: string, revision = '1'): void {
  const debian = join(archive, 'debian')
  rmSync(debian, { recursive: true, force: true })
  const suite = join(debian, 'dists/trixie')
  const indexes: Record<string, string> = {
    'main/binary-amd64/Packages': ['hello', 'libhello']
      .map((name) => binary(debian, name, `${version}-${revision}`))
      .join('\n'),
    'main/source/Sources': source(debian, version, revision),
  }
  for (const [path, text] of Object.entries(indexes)) {
    mkdirSync(join(suite, path, '..'), { recursive: true })
    writeFileSync(join(suite, path), text)
  }
  const sums = Object.entries(indexes).map(([path, text]) => ` ${sha256(text)} ${text.length} ${path}\n`)
  const release = `Origin: Debian
Suite: stable
Codename: trixie
Date: ${new Date().toUTCString()}
Architectures: amd64
Components: main
SHA256:
${sums.join('')}`
  writeFileSync(join(suite, 'Release'), release)
  gpg('--output', join(suite, 'InRelease'), '--clearsign', join(suite, 'Release'))
}

/** Builds a .deb into the pool; gives its stanza. hello needs libhello. */
function binary(debian: string, name: string, version: string): string {
  const tree = mkdtempSync(join(archive, 'tree-'))
  const control = `Package: ${name}
Version: ${version}
Architecture: all
Maintainer: nobody <nobody@example.test>
Description: for tests
${name === 'hello' ? 'Depends: libhello\n' : ''}`
  mkdirSync(join(tree, 'DEBIAN'))
  mkdirSync(join(tree, 'usr/bin'), { recursive: true })
  mkdirSync(join(tree, 'usr/share'))
  writeFileSync(join(tree, 'DEBIAN/control'), control)
  writeFileSync(join(tree, 'usr/bin', name), version)
  writeFileSync(join(tree, 'usr/share', name), version)
  const path = `pool/${name}_${version}_all.deb`
  mkdirSync(join(debian, 'pool'), { recursive: true })
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, join(debian, path)])
  const data = readFileSync(join(debian, path))
  return `${control}Filename: ${path}\nSize: ${data.length}\nSHA256: ${sha256(data)}\n`
}

function source(debian: string, version: string, revision: string): string {
  const tree = mkdtempSync(join(archive, 'tree-'))
  mkdirSync(join(tree, 'hello'))
  writeFileSync(join(tree, 'hello/version'), version)
  const name = `hello_${version}.orig.tar.gz`
  const tar = ['--mtime=@0', '--owner=0', '--group=0', '-C', tree, '-c', 'hello']
  writeFileSync(join(tree, name), execFileSync('gzip', ['-n'], { input: execFileSync('tar', tar) }))
  cpSync(join(tree, name), join(debian, 'pool', name))
  const data = readFileSync(join(tree, name))
  return `Package: hello
Version: ${version}-${revision}
Directory: pool
Format: 3.0 (quilt)
Architecture: any
Checksums-Sha256:
 ${sha256(data)} ${data.length} ${name}
 ${sha256('')} 0 hello_${version}-${revision}.dsc
`
}

function gpg(...args: string[]): void {
  const fixed = [
    '--homedir',
    keys,
    '--batch',
    '--yes',
    '--quiet',
    '--pinentry-mode=loopback',
    '--passphrase=',
  ]
  execFileSync('gpg', [...fixed, ...args])
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
