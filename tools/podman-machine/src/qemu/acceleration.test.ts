import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { image } from '../iso/image.fixture.ts'
import { acceleration, candidateOf } from './acceleration.ts'

let folder: string
let said: string[]
const progress = { phase: (name: string) => said.push(name), say: (line: string) => said.push(line) }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acceleration-'))
  said = []
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

async function choose() {
  const iso = join(folder, 'a.iso')
  await writeFile(iso, image())
  return await acceleration({ program: 'qemu-system-x86_64', iso, cache: folder }, progress)
}

test('the user decides, with a word that is known', async () => {
  vi.stubEnv('B2P_ACCEL', 'hvf')
  expect(await choose()).toEqual({ name: 'hvf', why: 'B2P_ACCEL says so' })
  vi.stubEnv('B2P_ACCEL', 'xen')
  await expect(choose()).rejects.toThrow(
    'B2P_ACCEL: "xen" is no accelerator\n  expected one of kvm, hvf, whpx, tcg',
  )
})

test('what a machine does not come up with is not used, and tried once', async () => {
  vi.stubEnv('B2P_ACCEL', '')
  // Nothing to boot from: never comes up, on whatever host.
  expect(await choose()).toMatchObject({ name: 'tcg' })
  if (said.length === 0) return
  expect(said).toEqual(['trying kvm'])
  expect(JSON.parse(await readFile(join(folder, 'acceleration.json'), 'utf8'))).toMatchObject({
    works: false,
  })
  expect(await choose()).toEqual({ name: 'tcg', why: 'a trial boot with kvm came to nothing' })
  expect(said).toEqual(['trying kvm'])
})

test('each system has its accelerator, for its own kind of processor', () => {
  const all = ['linux', 'darwin', 'win32', 'freebsd'] as const
  expect(all.map((one) => candidateOf(one, 'x64'))).toEqual(['kvm', 'hvf', 'whpx', undefined])
  expect(candidateOf('darwin', 'arm64')).toBeUndefined()
})
