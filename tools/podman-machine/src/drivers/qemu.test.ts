import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, sandbox } from '../cli.fixture.ts'
import { image } from '../iso/image.fixture.ts'

// Real QEMUs; the image has the form of one, and nothing boots from it.
let box: Sandbox
let create: string[]

beforeEach(async () => {
  box = await sandbox()
  const iso = join(box.folder, 'boot2podman.iso')
  await writeFile(iso, image())
  create = ['create', '--memory', '96', '--qemu-boot2podman-url', iso]
})
afterEach(async () => {
  const { stdout } = await box.run(['ls', '-q'])
  const names = stdout.split('\n').filter((name) => name !== '')
  if (names.length > 0) await box.run(['rm', '-f', ...names])
  await box[Symbol.asyncDispose]()
})

const made = () => readdir(join(box.store, 'machines')).catch(() => [])

test('a machine that comes to a dead end is told at once, with the last lines of its console', async () => {
  const { code, stdout, stderr } = await box.run([...create, 'box'])
  expect(code).toBe(1)
  expect(stdout.replace(/127\.0\.0\.1:\d+/, 'PORT')).toBe(
    ['getting the ISO', 'making the keys', 'making the disk', 'checking the ISO']
      .concat('starting QEMU with plain emulation (B2P_ACCEL says so)', 'waiting until PORT answers by SSH')
      .map((phase) => `(box) ${phase} ...\n`)
      .join(''),
  )
  expect(stderr).toMatch(
    /^Error: "box" does not answer: .*\n {2}the last lines of its console \(.*console\.log\):\n/,
  )
  expect(stderr).toContain('\n  No bootable device.\n')
  expect(stderr).toMatch(
    /Error: "box" is made, but not ready\n {2}podman-machine start box tries again, .*\n$/,
  )
  expect((await box.run(['status', 'box'])).stdout).toBe('Error\n')
  expect((await box.run(['logs', '-n', '1', 'box'])).stdout.trim()).toBe('No bootable device.')
  expect((await box.run(['kill', 'box'])).code).toBe(0)
  expect((await box.run(['status', 'box'])).stdout).toBe('Stopped\n')
  expect((await box.run(['rm', '-y', 'box'])).code).toBe(0)
  expect(await made()).toEqual([])
})

test('what is wrong before a machine is made leaves nothing of it', async () => {
  const other = join(box.folder, 'other.iso')
  const iso = ['create', '--qemu-boot2podman-url']
  await writeFile(join(box.folder, 'short.iso'), image().subarray(0, 38 * 1024))
  await writeFile(other, image())
  await writeFile(`${other}.sha256`, `${'0'.repeat(64)}  other.iso\n`)
  const lines: [string[], string][] = [
    [[...create, '--qemu-program', 'qemu-none'], 'qemu-none: this program is not installed\n'],
    [[...create, '--volume', '/none:/src'], '/none: is no folder here\n'],
    [[...iso, 'none.iso'], 'none.iso: there is no such ISO\n'],
    [[...iso, 'short.iso'], 'short.iso: is cut off: it has 38912 of 40960 bytes\n'],
    [[...iso, other], 'other.iso: has the wrong checksum: '],
    [[...iso, 'http://127.0.0.1:1/a.iso'], 'http://127.0.0.1:1/a.iso: '],
  ]
  for (const [words, what] of lines) {
    const { code, stderr } = await box.run([...words, 'box'])
    expect(code, words.join(' ')).toBe(1)
    expect(stderr).toContain(what)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(await made()).toEqual([])
  }
})

test('a published port that is taken is told by its number; set takes another', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { code, stderr } = await box.run([...create, '--publish', `${port}:80`, 'box'])
  server.close()
  expect(code).toBe(1)
  expect(stderr).toContain(
    `port ${port} of this host: is taken by another program\n  podman-machine set --publish`,
  )
  expect((await box.run(['status', 'box'])).stdout).toBe('Stopped\n')
  expect(await box.run(['set', '--publish', '', '--memory', '128', 'box'])).toMatchObject({
    code: 0,
    stdout: '',
  })
  const { Driver } = JSON.parse(await readFile(join(box.store, 'machines/box/config.json'), 'utf8'))
  expect(Driver).toMatchObject({ Publish: [], Memory: 128, DiskSize: 20000 })
  expect(await box.run(['set', 'box'])).toMatchObject({ code: 2 })
  expect(await box.run(['set', '--disk-size', '100', 'box'])).toMatchObject({
    code: 2,
    stderr: '--disk-size: a disk only grows: it has 20000 MB\n  for a smaller one: make another machine\n',
  })
})

test('with Kubernetes: a port leads to its API server, and stays; one that is taken is told', async () => {
  const config = async () =>
    JSON.parse(await readFile(join(box.store, 'machines/box/config.json'), 'utf8')).Driver
  await box.run([...create, '--kubernetes', 'box'])
  const { Kubernetes, CPU, Memory, KubernetesPort, SSHPort } = await config()
  expect({ Kubernetes, CPU, Memory }).toEqual({ Kubernetes: true, CPU: 2, Memory: 96 })
  expect(KubernetesPort).toBeGreaterThan(1023)
  expect(KubernetesPort).not.toBe(SSHPort)
  await box.run(['kill', 'box'])
  const server = createServer().listen(KubernetesPort, '127.0.0.1')
  await once(server, 'listening')
  const { stdout } = await box.run(['start', 'box'])
  server.close()
  const { KubernetesPort: other } = await config()
  expect(stdout).toContain(
    `port ${KubernetesPort} is taken by another program: the cluster is at ${other} now; env --kubectl tells kubectl`,
  )
  await box.run(['kill', 'box'])
  await box.run(['start', 'box'])
  expect((await config()).KubernetesPort).toBe(other)
})

test('in a store whose path is longer than a socket’s may be', async () => {
  const store = join(box.folder, 'x'.repeat(100), 'y'.repeat(100))
  const run = (...words: string[]) => box.run(['--storage-path', store, ...words])
  expect((await run(...create, 'box')).stderr).toContain('No bootable device.')
  expect((await run('status', 'box')).stdout).toBe('Error\n')
  expect((await run('rm', '-y', 'box')).code).toBe(0)
})

test('a disk that is full, and one that is read-only', async () => {
  await mkdir(box.store)
  // Mounts of our own, which nobody else sees.
  const within = async (mount: string) =>
    await promisify(execFile)(
      'unshare',
      [
        '-rm',
        'sh',
        '-c',
        `${mount} && exec "$@"`,
        'sh',
        process.execPath,
        join(import.meta.dirname, '../cli.ts'),
      ].concat(...create, 'box'),
      { env: box.env },
    ).catch((error) => error)
  const full = await within(`mount -t tmpfs -o size=16m none '${box.store}'`)
  expect(full).toMatchObject({ code: 1 })
  expect(full.stderr).toMatch(
    /store: not enough disk: 1[56] MB are free, and a new machine takes 64 MB\n {2}make room; or /,
  )
  const readOnly = await within(`mount -t tmpfs -o ro none '${box.store}'`)
  expect(readOnly).toMatchObject({ code: 1 })
  expect(readOnly.stderr).toMatch(
    /cannot be written: its disk is read-only\n {2}the store is .*store; another one: /,
  )
})
