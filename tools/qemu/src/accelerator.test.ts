import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { accelerator } from './accelerator.ts'

afterEach(() => vi.unstubAllEnvs())

test('the user decides', async () => {
  vi.stubEnv('B2P_ACCEL', 'kvm')
  expect(await accelerator({ memory: 16 })).toEqual({ name: 'kvm', why: 'B2P_ACCEL says so' })
})

test('a word that is no accelerator is told', async () => {
  vi.stubEnv('B2P_ACCEL', 'xen')
  await expect(accelerator({ memory: 16 })).rejects.toThrow('B2P_ACCEL: "xen" is no accelerator')
})

test('KVM with which a machine does not come up is not used', async () => {
  vi.stubEnv('B2P_ACCEL', '')
  const cache = await mkdtemp(join(tmpdir(), 'b2p-cache-'))
  vi.stubEnv('B2P_CACHE', cache)
  // Nothing to boot from: never comes up, on whatever host.
  expect(await accelerator({ memory: 16 })).toMatchObject({ name: 'tcg' })
  await rm(cache, { recursive: true })
}, 20_000)
