import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readRepository } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatLicences } from './format-licences.ts'
import { licencesOf } from './licences.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'licences-'))
  process.env.B2P_CACHE = join(root, 'cache')
  await write('LICENSE', 'Ours.\n')
})
afterEach(async () => {
  delete process.env.B2P_CACHE
  await rm(root, { recursive: true })
})

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

/** A package whose one archive is in the cache already. */
async function archived(name: string, source: object, locked: object, make: (file: string) => void) {
  const file = join(root, 'archive')
  make(file)
  const content = await readFile(file)
  const sha256 = createHash('sha256').update(content).digest('hex')
  await mkdir(join(root, 'cache/sources/sha256'), { recursive: true })
  await writeFile(join(root, 'cache/sources/sha256', sha256), content)
  const recipe = { version: '1', licence: 'MIT', summary: 'For a test', source }
  await write(`packages/${name}/tcz.json`, JSON.stringify(recipe))
  await write(`packages/${name}/tcz.lock`, JSON.stringify({ files: [{ ...locked, version: '1', sha256 }] }))
}

function licences(name: string) {
  const repository = readRepository(root)
  const pkg = repository.get(name)
  if (!pkg) throw new Error(name)
  return licencesOf(root, repository, pkg)
}

test('of a tarball: files that are called so, wherever they lie; no code', async () => {
  await write('src/tool-1/COPYING', 'As you like.  \r\n\r\n')
  await write('src/tool-1/lib/LICENSE-MIT', 'Keep my name.\n')
  await write('src/tool-1/LICENSES/GPL-2.0-only.txt', 'Give it on.\n')
  for (const other of ['license.c', 'README', 'copying/notes', 'LICENSE.json']) {
    await write(`src/tool-1/${other}`, 'No licence.\n')
  }
  await archived('tool', { url: 'https://localhost/tool-1.tar' }, { name: 'tool-1.tar' }, (file) =>
    execFileSync('tar', ['-cf', file, '-C', join(root, 'src'), 'tool-1']),
  )
  const found = [
    { by: 'tool: tool-1/COPYING', text: 'As you like.\n' },
    { by: 'tool: tool-1/LICENSES/GPL-2.0-only.txt', text: 'Give it on.\n' },
    { by: 'tool: tool-1/lib/LICENSE-MIT', text: 'Keep my name.\n' },
  ]
  expect(await licences('tool')).toEqual(found)
  // Kept: the archive is not looked into again.
  await rm(join(root, 'cache/sources'), { recursive: true })
  expect(await licences('tool')).toEqual(found)
})

test('of a tarball whose owner is nobody here: in the container of an ordinary user too', async () => {
  await write('src/tool-1/COPYING', 'As you like.\n')
  await archived('tool', { url: 'https://localhost/tool-1.tar' }, { name: 'tool-1.tar' }, (file) =>
    execFileSync('tar', ['-cf', file, '--owner=460880', '--group=5001', '-C', join(root, 'src'), 'tool-1']),
  )
  const script = `
    import { readRepository } from '@boot2podman/tcz'
    import { licencesOf } from './licences.ts'
    const root = process.argv[1]
    const repository = readRepository(root)
    console.log(JSON.stringify(await licencesOf(root, repository, repository.get('tool'))))`
  const node = [process.execPath, '--input-type=module', '-e', script, root]
  const text = execFileSync('unshare', ['--map-root-user', ...node], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  expect(JSON.parse(text)).toEqual([{ by: 'tool: tool-1/COPYING', text: 'As you like.\n' }])
})

test("of a .deb: Debian's copyright file, though it lies in another package", async () => {
  const deb = (name: string, make: () => Promise<void>) => async () => {
    await rm(join(root, 'deb'), { recursive: true, force: true })
    await write(
      'deb/DEBIAN/control',
      `Package: ${name}\nVersion: 1\nArchitecture: amd64\nMaintainer: Nobody\nDescription: For a test\n`,
    )
    await make()
    const build = (file: string) => execFileSync('dpkg-deb', ['--build', join(root, 'deb'), file])
    await archived(name, { deb: [name] }, { name: `${name}_1_amd64.deb`, package: name }, build)
  }
  await deb('base', () => write('deb/usr/share/doc/base/copyright', 'Both are free.\n'))()
  await deb('part', async () => {
    await mkdir(join(root, 'deb/usr/share/doc'), { recursive: true })
    execFileSync('ln', ['-s', 'base', join(root, 'deb/usr/share/doc/part')])
  })()
  expect(await licences('part')).toEqual([
    { by: 'part: usr/share/doc/base/copyright', text: 'Both are free.\n' },
  ])
})

test("of files that are the recipe's own: the one of this repository", async () => {
  const recipe = { version: '1', licence: 'MIT', summary: 'For a test', source: { local: '.' } }
  await write('packages/own/tcz.json', JSON.stringify(recipe))
  expect(await licences('own')).toEqual([{ by: 'own: LICENSE', text: 'Ours.\n' }])
})

test('each text once, below all that have it', () => {
  const text = formatLicences([
    { by: 'b: LICENSE', text: 'Two.\n' },
    { by: 'a: LICENSE', text: 'One.\n' },
    { by: 'c: COPYING', text: 'Two.\n' },
  ])
  expect(text).toMatch(/=\na: LICENSE\n=+\n\nOne\.\n\n=+\nb: LICENSE\nc: COPYING\n=+\n\nTwo\.\n\n$/)
})
