import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { afterAll, expect, inject, test } from 'vitest'
import { hostPath, podmanMachine } from '../podman-machine.ts'

const ROOT = join(import.meta.dirname, '../../..')
const prefix = await mkdtemp(join(tmpdir(), 'b2p-npm-'))
const tool = await podmanMachine([join(prefix, 'bin/podman-machine')])
afterAll(async () => {
  await tool[Symbol.asyncDispose]()
  await rm(prefix, { recursive: true })
})

test('the npm package, installed into an empty prefix, with the Node that the host has', async () => {
  await run(process.execPath, ['tools/podman-machine/src/pack.ts'], { cwd: ROOT })
  const folder = join(ROOT, 'dist/npm')
  const [name = ''] = (await readdir(folder)).filter((file) => /^podman-machine-.*\.tgz$/.test(file))
  const { size } = await stat(join(folder, name))
  expect(size).toBeLessThan(1_000_000)
  const install = [
    'install',
    '--global',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--prefix',
    prefix,
    join(folder, name),
  ]
  await run('npm', install, { cwd: prefix, env: { PATH: hostPath() } })

  expect(await tool.ok('--version')).toMatch(/^podman-machine version \d+\.\d+\.\d+, build /)
  const began = performance.now()
  await tool.ok('--version')
  const version = performance.now() - began
  await tool.ok('create', '--qemu-boot2podman-url', inject('iso'), '--memory', '256', 'box')
  const env = 'eval "$(podman-machine env box)"; '
  expect(await tool.bash(`${env} podman --remote info --format '{{.Host.Hostname}}'`)).toBe('box\n')
  expect(await tool.ok('ssh', 'box', 'hostname')).toBe('box\n')

  // Nineteen more, that look like machines.
  const config = JSON.parse(await readFile(tool.machineFile('box', 'config.json'), 'utf8'))
  const names = Array.from({ length: 19 }, (_, index) => `more${index}`)
  for (const name of names) {
    await cp(tool.machineFile('box', 'id_ed25519'), tool.machineFile(name, 'id_ed25519'))
    const Driver = { ...config.Driver, MachineName: name, UUID: `${name}-${config.Driver.UUID}` }
    await writeFile(tool.machineFile(name, 'config.json'), JSON.stringify({ ...config, Name: name, Driver }))
  }
  const before = performance.now()
  const listed = await tool.ok('ls', '--format', '{{.Name}} {{.State}}')
  const ls = performance.now() - before
  expect(listed.split('\n')).toEqual(['box Running', ...names.map((name) => `${name} Stopped`), ''])
  const node = (await run('node', ['--version'], { env: { PATH: hostPath() } })).trim()
  console.log(
    `package: ${size} bytes; with Node ${node}: --version ${Math.round(version)} ms, ls of 20 machines ${Math.round(ls)} ms`,
  )
  await tool.ok('rm', '-y', 'box', ...names)
})
