import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeOci, reference, standsOn } from './oci.ts'

const PACKAGES = {
  core: { needs: ['libc'], recipe: { source: { local: '.' } } },
  libc: { needs: [], recipe: { source: { local: '.' } } },
  tool: { needs: ['libc'], recipe: { version: '1.0+2', source: { local: '.' } } },
  compiletc: { needs: [], recipe: { tags: ['compiler'], source: { deb: ['gcc'] } } },
  go: { needs: [], recipe: { tags: ['compiler'], source: { deb: ['golang'] } } },
}

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'oci-'))
  process.env.B2P_CACHE = join(root, 'cache')
  await mkdir(join(root, 'dist/build'), { recursive: true })
  for (const [name, { needs, recipe }] of Object.entries(PACKAGES)) {
    const whole = { version: '1', licence: 'MIT', summary: 'For a test', ...recipe }
    await write(`packages/${name}/tcz.json`, JSON.stringify(whole))
    await write(`packages/${name}/${name}.tcz.dep`, needs.map((one) => `${one}.tcz\n`).join(''))
    await write(`tree/${name}/usr/bin/${name}`, name)
    const tar = join(root, `dist/build/${name}.tar`)
    execFileSync('tar', ['-cf', tar, '-C', join(root, 'tree', name), '--mtime=@0', 'usr'])
  }
})
afterEach(async () => {
  delete process.env.B2P_CACHE
  await rm(root, { recursive: true })
})

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** The image of a package, unpacked: what its blobs are, by their digests. */
async function image(name: string) {
  const repository = readRepository(root)
  const file = await makeOci(root, findPackage(repository, name), repository, new AbortController().signal)
  const layout = join(root, 'layout', name)
  await mkdir(layout, { recursive: true })
  execFileSync('tar', ['-xf', join(root, file), '-C', layout])
  const json = async (path: string) => JSON.parse(await readFile(join(layout, path), 'utf8'))
  const blob = (digest: string) => join('blobs', digest.replace(':', '/'))
  const index = await json('index.json')
  const manifest = await json(blob(index.manifests[0].digest))
  return { layout, blob, index, manifest, config: await json(blob(manifest.config.digest)) }
}

test('a layer for each package, what is needed first; every blob is what its name says', async () => {
  const { layout, blob, index, manifest, config } = await image('tool')
  expect(index.manifests[0].annotations).toEqual({
    'org.opencontainers.image.ref.name': 'boot2podman/tool:1.0-2',
  })
  expect(config.history.map(({ created_by }: { created_by: string }) => created_by)).toEqual([
    ...['libc', 'core', 'tool'],
  ])
  expect(config.rootfs.diff_ids).toHaveLength(3)
  expect(config.config).toMatchObject({ Cmd: ['/bin/sh'] })
  const listed = manifest.layers.map(({ digest }: { digest: string }) =>
    execFileSync('tar', ['-tzf', join(layout, blob(digest))], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .at(-1),
  )
  expect(listed).toEqual(['usr/bin/libc', 'usr/bin/core', 'usr/bin/tool'])
  for (const name of await readdir(join(layout, 'blobs/sha256'))) {
    const content = await readFile(join(layout, 'blobs/sha256', name))
    expect(createHash('sha256').update(content).digest('hex')).toBe(name)
  }
})

test('a toolchain is a root to build in: the base of one, the C compiler, no core', async () => {
  const { layout, blob, manifest, config } = await image('go')
  expect(config.history.map(({ created_by }: { created_by: string }) => created_by)).toEqual([
    ...['base', 'compiletc', 'go'],
  ])
  expect(config.config.WorkingDir).toBe('/build/src')
  expect(config.config.Env).toEqual(
    expect.arrayContaining(['DESTDIR=/build/out', 'SOURCE_DATE_EPOCH=1767225600']),
  )
  const base = execFileSync('tar', ['-tvzf', join(layout, blob(manifest.layers[0].digest))], {
    encoding: 'utf8',
  })
  expect(base).toMatch(/^drwxrwxrwt .* tmp\/$/m)
  expect(base).toMatch(/^lrwxrwxrwx .* bin -> usr\/bin$/m)
})

test('images share what they have in common, and are the same when made again', async () => {
  const first = await image('tool')
  const core = await image('core')
  expect(first.manifest.layers.slice(0, 2)).toEqual(core.manifest.layers)
  const before = await readFile(join(root, 'dist/oci/tool.tar'))
  await image('tool')
  expect((await readFile(join(root, 'dist/oci/tool.tar'))).equals(before)).toBe(true)
  expect(await readdir(join(root, 'dist/oci'))).toEqual(['core.tar', 'tool.tar'])
  expect(await readdir(join(root, 'cache/work'))).toEqual([])
})

test('what is not built yet is told with the command to build it', async () => {
  await rm(join(root, 'dist/build/libc.tar'))
  await expect(image('tool')).rejects.toThrow(
    'dist/build/libc.tar: is not there yet\n  to build it: ./b2p tcz libc',
  )
})

test('what has to be built for an image, and its name', () => {
  const repository = readRepository(root)
  const one = (name: string) => findPackage(repository, name)
  expect(standsOn(one('core'), repository)).toEqual(['core'])
  expect(standsOn(one('tool'), repository)).toEqual(['core', 'tool'])
  expect(standsOn(one('go'), repository)).toEqual(['compiletc', 'go'])
  expect(reference(one('tool'))).toBe('boot2podman/tool:1.0-2')
})
