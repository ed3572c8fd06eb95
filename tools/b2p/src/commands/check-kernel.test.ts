import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '..')
const USR = join(SRC, '../../../packages/core/rootfs/usr')

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'b2p-'))
  file = join(folder, 'config')
})
afterEach(() => rm(folder, { recursive: true }))

/** What a user sees who types `./b2p check-kernel` and these words. */
async function check(...words: string[]) {
  const args = [join(SRC, 'cli.ts'), 'check-kernel', ...words]
  const { exitCode, all } = await execa(process.execPath, args, { cwd: folder, reject: false, all: true })
  return { exitCode, all }
}

/** The names of the options that the list has, first of those where either will do. */
async function listed(): Promise<string[]> {
  const list = await readFile(join(USR, 'share/boot2podman/kernel-capabilities'), 'utf8')
  return [...list.matchAll(/^([A-Z\d][A-Z\d_]*)\S* .* (?:required|optional) /gm)].map(([, name = '']) => name)
}

/** The configuration of a kernel that has all that is listed, with some of it changed. */
async function config(changes: Record<string, 'y' | 'm' | 'n'> = {}): Promise<string> {
  const lines = (await listed()).map((name) => {
    const value = changes[name] ?? 'y'
    return value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`
  })
  return ['#', '# Linux/x86 6.12.0 Kernel Configuration', '#', ...lines, ''].join('\n')
}

test('each row of the list is one that can be read, and none is there twice', async () => {
  const names = await listed()
  const list = await readFile(join(USR, 'share/boot2podman/kernel-capabilities'), 'utf8')
  const rows = list.split('\n').filter((line) => /^[^#=]/.test(line))
  for (const row of rows) {
    expect(row).toMatch(
      /^[A-Z\d_|]+ (-|\w+) (all|(podman|rootless|cri-o|kubernetes)(,(podman|rootless|cri-o|kubernetes))*) (required|optional) \S/,
    )
  }
  expect(names).toHaveLength(rows.length)
  expect(new Set(names).size).toBe(names.length)
})

test('a kernel with all: each with what it is for and who asks, by purpose', async () => {
  await writeFile(file, await config({ VETH: 'm' }))
  const { exitCode, all } = await check(file)
  expect(exitCode).toBe(0)
  expect(all).toMatch(/^Linux\/x86 6\.12\.0\n\nNamespaces\n {2}present {2}NAMESPACES {2,}\S.* \[all\]\n/)
  expect(all).toMatch(/^ {2}module {3}VETH {2,}the cable between container and machine \[all\]$/m)
  expect(all).toMatch(/\n\n\d+ present, 1 modules, 0 missing$/)
})

test('what is required and missing is named again at the end; exit code 1', async () => {
  await writeFile(file, await config({ USER_NS: 'n', NFT_MASQ: 'n', WIREGUARD: 'n' }))
  const { exitCode, all } = await check(file)
  expect(exitCode).toBe(1)
  expect(all).toMatch(
    /\n\nRequired, and missing\n {2}missing {2}USER_NS {2,}users of its own.*\n {2}missing {2}NFT_MASQ {2,}masquerade.*\n\n\d+ present, 0 modules, 3 missing$/,
  )
})

test('what is optional and missing is told, no more; another name for the same will do', async () => {
  const either = 'CONFIG_IP_NF_TARGET_MASQUERADE=m\n'
  await writeFile(file, (await config({ WIREGUARD: 'n', NETFILTER_XT_TARGET_MASQUERADE: 'n' })) + either)
  const { exitCode, all } = await check(file)
  expect(exitCode).toBe(0)
  expect(all).toMatch(/^ {2}missing {2}WIREGUARD {2,}encrypted networks.* \[kubernetes,podman, optional\]$/m)
  expect(all).toMatch(/^ {2}module {3}IP_NF_TARGET_MASQUERADE /m)
  expect(all).not.toContain('Required, and missing')
})

test('a configuration may be packed, as in /proc/config.gz', async () => {
  await writeFile(file, gzipSync(await config()))
  const { exitCode, all } = await check(file)
  expect(exitCode).toBe(0)
  expect(all).toMatch(/ present, 0 modules, 0 missing$/)
})

test('a kernel that was built: its configuration comes out of the archive', async () => {
  await mkdir(join(folder, 'boot'))
  await writeFile(join(folder, 'boot/config'), await config({ PID_NS: 'n' }))
  await execa('tar', ['-c', '-f', 'kernel.tar', 'boot'], { cwd: folder })
  const main = `import { checkBuilt } from '${join(SRC, 'commands/check-kernel.ts')}'\nawait checkBuilt('kernel.tar')`
  const args = ['--input-type=module-typescript', '--eval', main]
  const { exitCode, stdout } = await execa(process.execPath, args, { cwd: folder, reject: false })
  expect(exitCode).toBe(1)
  expect(stdout).toContain('Required, and missing\n  missing  PID_NS ')
})

test.each([
  ['one that is not there', undefined, 'there is no such file'],
  ['a fragment', 'CONFIG_VETH=m\n', 'is not the whole configuration of a kernel'],
  ['any other file', '\0\x01\x02', 'is not the whole configuration of a kernel'],
  ['an empty one', '', 'is not the whole configuration of a kernel'],
  ['the half of one that is packed', gzipSync('x'.repeat(99)).subarray(0, 20), 'is damaged'],
])('%s: where, what, and the way out', async (_, content, what) => {
  if (content !== undefined) await writeFile(file, content)
  const { exitCode, all } = await check(file)
  expect(exitCode).toBe(1)
  expect(all).toMatch(new RegExp(`^${file}: ${what}.*\\n {2}\\S.*$`))
})

test('a folder, too many words, an option', async () => {
  expect(await check(folder)).toMatchObject({
    exitCode: 1,
    all: expect.stringContaining(': is not a file\n'),
  })
  const usage = 'Usage: ./b2p check-kernel [FILE]'
  expect(await check('a', 'b')).toEqual({
    exitCode: 1,
    all: `b2p check-kernel: "b" is too much\n  ${usage}`,
  })
  expect(await check('--all')).toEqual({
    exitCode: 1,
    all: `b2p check-kernel: there is no option "--all"\n  ${usage}`,
  })
})

test('b2p-check has a help of its own', async () => {
  const { stdout } = await execa('sh', [join(USR, 'sbin/b2p-check'), '--help'])
  expect(stdout).toMatch(/^Usage: b2p-check \[--kubernetes\] \[CONFIG\]\n\n[\s\S]*\n\n {2}b2p-check\n/)
})

test('b2p-check --kubernetes: what a node asks for, and nothing that Podman alone does', async () => {
  const node = (...words: string[]) =>
    execa('sh', [join(USR, 'sbin/b2p-check'), '--kubernetes', ...words], { reject: false })
  await writeFile(file, await config({ BINFMT_MISC: 'n', TMPFS_XATTR: 'n', WIREGUARD: 'n' }))
  const good = await node(file)
  expect(good.exitCode).toBe(0)
  expect(good.stdout).toMatch(/^ {2}missing {2}WIREGUARD /m)
  for (const name of ['BINFMT_MISC', 'TMPFS_XATTR']) expect(good.stdout).not.toContain(name)
  for (const title of ['Namespaces', 'Balancing (IPVS)']) expect(good.stdout).toContain(`\n\n${title}\n`)
  await writeFile(file, await config({ NFT_NUMGEN: 'n' }))
  const bad = await node(file)
  expect(bad.exitCode).toBe(1)
  expect(bad.stdout).toMatch(/\n\nRequired, and missing\n {2}missing {2}NFT_NUMGEN .*\n\n/)
  expect((await node(file, 'more')).stderr).toBe(
    'b2p-check: "more" is too much\n  Usage: b2p-check [--kubernetes] [CONFIG]',
  )
})
