import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readRepository } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeIso } from './iso.ts'

const NEEDS: Record<string, string[]> = {
  core: ['libc'],
  libc: [],
  tool: ['libc'],
  kernel: [],
  initramfs: ['libc'],
  isolinux: [],
}
const FILES: Record<string, Record<string, string>> = {
  core: { 'etc/issue': 'core' },
  libc: { 'usr/lib/libc.so': 'libc' },
  tool: { 'usr/bin/tool': 'tool' },
  kernel: { 'boot/vmlinuz': 'kernel' },
  initramfs: { init: 'init' },
  isolinux: {
    'usr/lib/ISOLINUX/isolinux.bin': 'i'.repeat(24576),
    'usr/lib/ISOLINUX/isohdpfx.bin': 'm'.repeat(432),
    'usr/lib/syslinux/modules/bios/ldlinux.c32': 'l'.repeat(2048),
  },
}

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'iso-'))
  process.env.B2P_CACHE = join(root, 'cache')
  process.env.B2P_REPOSITORY_KEY = join(root, 'key')
  await write('LICENSE', 'Do as you like.')
  const recipe = { version: '1', licence: 'MIT', summary: 'For a test', source: { local: '.' } }
  for (const [name, needs] of Object.entries(NEEDS)) {
    await write(`packages/${name}/tcz.json`, JSON.stringify(recipe))
    const dep = needs.map((one) => `${one}.tcz\n`).join('')
    await write(`packages/${name}/${name}.tcz.dep`, dep)
    await squash(name)
    if (dep !== '') await write(`dist/tcz/${name}.tcz.dep`, dep)
    await write(`dist/tcz/${name}.tcz.md5.txt`, 'md5')
    await write(`dist/tcz/${name}.tcz.sha256`, `${'a'.repeat(64)}  ${name}.tcz`)
  }
  const flavour = { label: 'boot2podman', kernel: 'kernel', initramfs: 'initramfs', bootloader: 'isolinux' }
  await write('iso/small.json', JSON.stringify({ ...flavour, extensions: ['core', 'tool'], append: 'quiet' }))
})

afterEach(async () => {
  delete process.env.B2P_CACHE
  delete process.env.B2P_REPOSITORY_KEY
  await rm(root, { recursive: true })
})

test("the medium has Tiny Core's layout, and what the extensions need comes along", async () => {
  const file = await make()
  expect(await list(file)).toEqual([
    '/boot/core.gz',
    '/boot/isolinux/isolinux.bin',
    '/boot/isolinux/isolinux.cfg',
    '/boot/isolinux/ldlinux.c32',
    '/boot/vmlinuz64',
    '/cde/onboot.lst',
    '/cde/optional/core.tcz',
    '/cde/optional/core.tcz.dep',
    '/cde/optional/core.tcz.md5.txt',
    '/cde/optional/image-info.tcz',
    '/cde/optional/image-info.tcz.md5.txt',
    '/cde/optional/libc.tcz',
    '/cde/optional/libc.tcz.md5.txt',
    '/cde/optional/tool.tcz',
    '/cde/optional/tool.tcz.dep',
    '/cde/optional/tool.tcz.md5.txt',
  ])
  expect(await content(file, '/cde/onboot.lst')).toBe('core.tcz\ntool.tcz\nimage-info.tcz\n')
  expect(await content(file, '/boot/isolinux/isolinux.cfg')).toContain('append quiet\n')
})

test('the initramfs finds it by its label, where a shell can read it', async () => {
  const image = await readFile(join(root, await make()))
  expect(
    image
      .subarray(32768 + 40, 32768 + 72)
      .toString()
      .trimEnd(),
  ).toBe('boot2podman')
})

test('an extension tells the machine whose repository it is to believe, what is in it and under which licences', async () => {
  const iso = await make()
  const tcz = join(root, 'image-info.tcz')
  xorriso(iso, '-osirrox', 'on', '-extract', '/cde/optional/image-info.tcz', tcz)
  execFileSync('unsquashfs', ['-quiet', '-no-progress', '-dest', join(root, 'info'), tcz])
  const read = (name: string) => readFileSync(join(root, 'info/usr/local/share/boot2podman', name))
  expect(read('repository-signers').toString()).toMatch(
    /^boot2podman namespaces="boot2podman-repository" ssh-ed25519 \S+\n$/,
  )
  const bom = read('sbom.cdx.json').toString()
  expect(bom).toBe(await readFile(join(root, 'dist/iso/small.cdx.json'), 'utf8'))
  const { components } = JSON.parse(bom)
  expect(components.map(({ name }: { name: string }) => name)).toEqual(Object.keys(NEEDS).sort())
  const licences = execFileSync('xz', ['-dc'], { input: read('licences.txt.xz'), encoding: 'utf8' })
  expect(licences).toContain('core: LICENSE\ninitramfs: LICENSE\n')
  expect(licences.match(/Do as you like/g)).toHaveLength(1)
})

test('a checksum and the bill of materials lie beside it, and nothing else', async () => {
  const file = await make()
  const hash = createHash('sha256')
    .update(await readFile(join(root, file)))
    .digest('hex')
  expect(await readFile(join(root, `${file}.sha256`), 'utf8')).toBe(`${hash}  small.iso\n`)
  expect(await readdir(join(root, 'dist/iso'))).toEqual(['small.cdx.json', 'small.iso', 'small.iso.sha256'])
  expect(await readdir(join(root, 'cache/work'))).toEqual([])
})

test('made twice it is the same to the byte', async () => {
  const one = await readFile(join(root, await make()))
  // Volume dates have seconds: a clock that came into it would show.
  await new Promise((done) => setTimeout(done, 1100))
  expect(one.equals(await readFile(join(root, await make())))).toBe(true)
  // Nor does the program that wrote it tell its own version: another Debian has another.
  expect(one.includes('XORRISO')).toBe(false)
})

test('what is not built yet is told, all of it, with the command to build it', async () => {
  await rm(join(root, 'dist/tcz/libc.tcz'))
  await rm(join(root, 'dist/tcz/isolinux.tcz'))
  await expect(make()).rejects.toThrow(/libc\.tcz: is not there yet\n {2}to build it: \.\/b2p tcz libc/)
  await expect(make()).rejects.toThrow('dist/tcz/isolinux.tcz')
})

test('stopped in the middle, the old image stays and nothing half-made is left', async () => {
  await make()
  await expect(makeIso(root, 'small', readRepository(root), AbortSignal.abort())).rejects.toThrow()
  expect(await readdir(join(root, 'dist/iso'))).toEqual(['small.cdx.json', 'small.iso', 'small.iso.sha256'])
  expect(await readdir(join(root, 'cache/work'))).toEqual([])
})

const make = () => makeIso(root, 'small', readRepository(root), new AbortController().signal)

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

async function squash(name: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES[name] ?? {})) await write(`tree/${name}/${path}`, text)
  await mkdir(join(root, 'dist/tcz'), { recursive: true })
  const options = ['-noappend', '-quiet', '-no-progress', '-all-root']
  execFileSync('mksquashfs', [join(root, 'tree', name), join(root, 'dist/tcz', `${name}.tcz`), ...options])
}

async function list(file: string): Promise<string[]> {
  const out = xorriso(file, '-find', '/', '-type', 'f')
  return out
    .trim()
    .split('\n')
    .map((path) => path.replaceAll("'", ''))
    .sort()
}

async function content(file: string, path: string): Promise<string> {
  const to = join(root, 'extracted')
  await rm(to, { force: true })
  xorriso(file, '-osirrox', 'on', '-extract', path, to)
  return readFile(to, 'utf8')
}

function xorriso(file: string, ...args: string[]): string {
  return execFileSync('xorriso', ['-indev', join(root, file), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}
