import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { machineFiles, storeFiles } from './files.ts'
import { locked } from './lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-'))
})
afterEach(() => rm(folder, { recursive: true }))

function box() {
  const store = storeFiles(folder)
  return { name: 'box', store, files: machineFiles(store, 'box') }
}

test('one at a time; the second says whom it waits for', async () => {
  const events: string[] = []
  let leave = () => {}
  const inside = new Promise<void>((resolve) => {
    leave = resolve
  })
  // Begun at the same time, either may be first.
  let first: Promise<void> | undefined
  await new Promise<void>((isIn) => {
    first = locked(
      box(),
      () => {},
      async () => {
        events.push('first in')
        isIn()
        await inside
        events.push('first out')
      },
    )
  })
  const second = locked(
    box(),
    (line) => {
      events.push(line)
      leave()
    },
    async () => {
      events.push('second in')
    },
  )
  await Promise.all([first, second])
  expect(events).toEqual([
    'first in',
    `waiting for another podman-machine (pid ${process.pid}) to be done with "box" ...`,
    'first out',
    'second in',
  ])
  expect(await readdir(join(folder, 'locks'))).toEqual([])
})

test('the lock of one that was killed is void, for exactly one of many at a time', async () => {
  const program = `
    import { machineFiles, storeFiles } from '${import.meta.dirname}/files.ts'
    import { locked } from '${import.meta.dirname}/lock.ts'
    const store = storeFiles('${folder}')
    await locked({ name: 'box', store, files: machineFiles(store, 'box') }, () => {}, async () => {
      process.kill(process.pid, 'SIGKILL')
      await new Promise(() => {})
    })`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program])
  await new Promise((resolve) => child.once('close', resolve))
  expect(await readdir(join(folder, 'locks'))).toEqual(['box.lock'])

  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setTimeout(resolve, 1))
    inside--
  }
  await Promise.all(Array.from({ length: 20 }, () => locked(box(), () => {}, work)))
  expect(most).toBe(1)
  expect(await readdir(join(folder, 'locks'))).toEqual([])
})

test('the number of a dead owner may be that of another process today', async () => {
  await mkdir(join(folder, 'locks'))
  const owner = { pid: process.pid, start: 'of another time', since: Date.now(), token: 'x' }
  await writeFile(box().files.lock, JSON.stringify(owner))
  expect(
    await locked(
      box(),
      () => {},
      async () => 'in',
    ),
  ).toBe('in')
})

test('a lock file that a broken disk left is none', async () => {
  await mkdir(join(folder, 'locks'))
  await writeFile(box().files.lock, '')
  expect(
    await locked(
      box(),
      () => {},
      async () => 'in',
    ),
  ).toBe('in')
})

test('a mistake of the work gives the lock back', async () => {
  await expect(
    locked(
      box(),
      () => {},
      () => Promise.reject(new Error('no')),
    ),
  ).rejects.toThrow('no')
  expect(
    await locked(
      box(),
      () => {},
      async () => 'in',
    ),
  ).toBe('in')
})

test('a store that cannot be made is told, with the way out', async () => {
  await writeFile(join(folder, 'file'), '')
  const store = storeFiles(join(folder, 'file'))
  const machine = { name: 'box', store, files: machineFiles(store, 'box') }
  await expect(
    locked(
      machine,
      () => {},
      async () => {},
    ),
  ).rejects.toThrow(/cannot be written: a part of its path is no folder\n {2}the store is .*--storage-path/)
})
