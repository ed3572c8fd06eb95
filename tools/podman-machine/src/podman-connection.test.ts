import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { machineFiles, storeFiles } from './files.ts'
import type { Machine } from './machine.ts'
import { addConnection, removeConnection } from './podman-connection.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-'))
  await writeFile(join(folder, 'containers.conf'), '')
  vi.stubEnv('HOME', folder)
  vi.stubEnv('CONTAINERS_CONF', join(folder, 'containers.conf'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

function machine(name: string): Machine {
  const store = storeFiles(folder)
  return { name, store, files: machineFiles(store, name) } as Machine
}

const podman = (...args: string[]) =>
  execFileSync('podman', ['system', 'connection', ...args], { encoding: 'utf8' })
const list = () => podman('list', '--format', '{{.Name}} {{.URI}} {{.Identity}}').trim().split('\n').sort()

test('a real podman has machines as connections, and keeps those of others', async () => {
  const said: string[] = []
  const add = (name: string, port: number) => {
    const key = machine(name).files.key
    const url = `ssh://root@127.0.0.1:${port}/run/podman/podman.sock`
    return addConnection(machine(name), url, key, (line) => said.push(line))
  }
  podman('add', '--identity', '/their/key', 'theirs', 'ssh://me@example.org:22/run/podman/podman.sock')
  await Promise.all([add('one', 2201), add('two', 2202), add('theirs', 2203)])
  await add('two', 2204)
  const theirs = 'theirs ssh://me@example.org:22/run/podman/podman.sock /their/key'
  expect(list()).toEqual([
    `one ssh://root@127.0.0.1:2201/run/podman/podman.sock ${machine('one').files.key}`,
    theirs,
    `two ssh://root@127.0.0.1:2204/run/podman/podman.sock ${machine('two').files.key}`,
  ])
  expect(said).toEqual([
    'podman has a connection "theirs" already, to ssh://me@example.org:22/run/podman/podman.sock: it stays as it is',
  ])
  for (const name of ['one', 'two', 'theirs', 'none']) await removeConnection(machine(name))
  expect(list()).toEqual([theirs])
})

test('without podman on this computer nothing is missed', async () => {
  vi.stubEnv('PATH', folder)
  await addConnection(machine('one'), 'ssh://root@127.0.0.1:1/x', '', (line) => expect.fail(line))
  await removeConnection(machine('one'))
})
