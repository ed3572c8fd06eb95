import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { sharedMachine } from '../machines.ts'

interface Component {
  name: string
  version: string
  licenses: { expression: string }[]
  hashes: { content: string }[]
}

test("b2p-status --sbom: each extension with version and licence, as the image's list has it, and as its file is", async () => {
  const { machine } = await sharedMachine()
  const { components } = JSON.parse(readFileSync(inject('iso').replace(/iso$/, 'cdx.json'), 'utf8')) as {
    components: Component[]
  }
  const rows = (await machine.run('b2p-status --sbom', { timeout: 120 })).trimEnd().split('\n')
  expect(rows[0]).toBe('extension         version             file     licence')
  const told = new Map(rows.slice(1).map((row) => [row.split(/\s+/)[0], row.split(/\s{2,}/)]))
  const loaded = (await machine.run('cat /run/extensions')).trim().split('\n')
  expect([...told.keys()]).toEqual(loaded)
  // Those files are the ones that are mounted.
  const mounted = await machine.run('cat /sys/block/loop*/loop/backing_file')
  const names = mounted
    .trim()
    .split('\n')
    .map((file) => basename(file, '.tcz'))
  expect(names.sort()).toEqual(loaded.toSorted())
  const sums = await machine.run('sha256sum $(cat /sys/block/loop*/loop/backing_file)')
  const sumOf = new Map(
    sums
      .trim()
      .split('\n')
      .map((line): [string, string] => [basename(line, '.tcz'), line.slice(0, 64)]),
  )
  for (const name of loaded.filter((one) => one !== 'image-info')) {
    const one = components.find((component) => component.name === name)
    expect(told.get(name)).toEqual([name, one?.version, 'same', one?.licenses[0]?.expression])
    expect(sumOf.get(name)).toBe(one?.hashes[0]?.content)
  }
  // What is in the image and no extension: told too, to whoever reads the list.
  const others = components.map(({ name }) => name).filter((name) => !loaded.includes(name))
  expect(others).toEqual(['initramfs', 'isolinux', 'kernel'])
})

test('a file that is another one is told, and the exit code says so', async () => {
  const { machine } = await sharedMachine()
  onTestFinished(async () => {
    await machine.run('sudo umount /usr/local/share/boot2podman/sbom.cdx.json')
  })
  await machine.run(`sed 's/"content": "./"content": "x/' /usr/local/share/boot2podman/sbom.cdx.json >/tmp/list
sudo mount --bind /tmp/list /usr/local/share/boot2podman/sbom.cdx.json`)
  const said = await machine.run('b2p-status --sbom; echo "exit code $?"', { timeout: 120 })
  expect(said).toMatch(/^core +\S+ +DIFFERS +Apache-2\.0$/m)
  expect(said).not.toContain(' same ')
  expect(said).toContain('exit code 1')
})

test('the licences of all that is in the image, and the key of its repository, are in it', async () => {
  const { machine } = await sharedMachine()
  const folder = '/usr/local/share/boot2podman'
  const licences = await machine.run(`xzcat ${folder}/licences.txt.xz`, { timeout: 120 })
  for (const name of [
    'kernel',
    'busybox',
    'glibc',
    'podman',
    'netavark',
    'openssh',
    'openssl-dev',
    'libgcc',
  ]) {
    expect(licences).toMatch(new RegExp(`^${name}: \\S`, 'm'))
  }
  for (const title of [
    /GNU GENERAL PUBLIC LICENSE\s+Version 2/,
    /LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1/,
  ]) {
    expect(licences).toMatch(title)
  }
  const signers = execFileSync(process.execPath, ['tools/repository/src/cli.ts', 'signers'], {
    cwd: join(import.meta.dirname, '../../..'),
    encoding: 'utf8',
  })
  expect(await machine.run(`cat ${folder}/repository-signers`)).toBe(signers)
})
