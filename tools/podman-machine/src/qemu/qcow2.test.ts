import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskSize, enlarged, HEADER, LARGEST, qcow2 } from './qcow2.ts'
import { userdataTar } from './userdata-tar.ts'

const GB = 2 ** 30
const KEY = `ssh-ed25519 ${'A'.repeat(600)} me\n`
let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qcow2-'))
  file = join(folder, 'disk.qcow2')
})
afterEach(() => rm(folder, { recursive: true }))

const qemuImg = (...args: string[]) => execFileSync('qemu-img', args, { encoding: 'utf8', cwd: folder })
const raw = () =>
  execFileSync('qemu-img', ['dd', '-O', 'raw', 'bs=64k', 'count=4', `if=${file}`, 'of=raw'], { cwd: folder })

test('QEMU finds nothing wrong with it, and the content at its beginning', async () => {
  const content = Buffer.from(Array.from({ length: 150_000 }, (_, index) => index % 251))
  await writeFile(file, qcow2(content, 20 * GB))
  expect(qemuImg('check', file)).toContain('No errors were found')
  expect(JSON.parse(qemuImg('info', '--output=json', file))).toMatchObject({
    format: 'qcow2',
    'virtual-size': 20 * GB,
    'format-specific': { data: { compat: '1.1', corrupt: false } },
  })
  raw()
  const bytes = execFileSync('head', ['-c', String(content.length + 10), join(folder, 'raw')])
  expect(bytes.equals(Buffer.concat([content, Buffer.alloc(10)]))).toBe(true)
})

test('QEMU writes into it, to its end, and it stays whole', async () => {
  await writeFile(file, qcow2(Buffer.from('x'), 3 * GB))
  for (const place of ['0', '65536', '1G', String(3 * GB - 512)]) {
    execFileSync('qemu-io', ['-c', `write -P 7 ${place} 512`, file])
    expect(
      execFileSync('qemu-io', ['-c', `read -P 7 ${place} 512`, file], { encoding: 'utf8' }),
    ).not.toContain('failed')
  }
  expect(qemuImg('check', file)).toContain('No errors were found')
})

test('it grows by its header alone', async () => {
  await writeFile(file, qcow2(Buffer.from('x'), GB))
  const handle = await open(file, 'r+')
  const header = Buffer.alloc(HEADER)
  await handle.read(header, 0, HEADER, 0)
  expect(diskSize(header, file)).toBe(GB)
  await handle.write(enlarged(header, 3000 * GB, file), 0, HEADER, 0)
  await handle.close()
  execFileSync('qemu-io', ['-c', `write -P 7 2999G 512`, file])
  expect(qemuImg('check', file)).toContain('No errors were found')
})

test('it never shrinks, and no more than its table holds fits', () => {
  const header = qcow2(Buffer.from('x'), 2 * GB).subarray(0, HEADER)
  expect(() => enlarged(header, GB, 'disk')).toThrow(
    'disk: cannot be made 1024 MB large: it has 2048 MB\n  a disk only grows',
  )
  expect(() => enlarged(header, LARGEST + 512, 'disk')).toThrow('it can have 4194304 MB at most')
  expect(() => diskSize(Buffer.from('no'), 'disk')).toThrow('disk: is no qcow2 image')
})

test('the tar begins with the request, and tar reads it', async () => {
  const tar = userdataTar(KEY)
  expect(tar.subarray(0, 30).toString()).toBe('boot2podman, please format-me\0')
  await writeFile(join(folder, 'a.tar'), tar)
  execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder })
  const listed = execFileSync('tar', ['-tvf', 'a.tar', '--numeric-owner'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  })
  expect(listed.split('\n').map((line) => line.replace(/ +\d+ 1970-01-01 00:00/, ''))).toEqual([
    '-rw-r--r-- 0/0 boot2podman, please format-me',
    'drwx------ 0/0 .ssh/',
    '-rw------- 0/0 .ssh/authorized_keys',
    '-rw------- 0/0 .ssh/authorized_keys2',
    '',
  ])
  expect(execFileSync('cat', ['.ssh/authorized_keys'], { cwd: folder, encoding: 'utf8' })).toBe(KEY)
})
