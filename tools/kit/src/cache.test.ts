import { expect, test, vi } from 'vitest'
import { cacheFolder } from './cache.ts'

test('B2P_CACHE comes first, then the cache folder of the user', () => {
  vi.stubEnv('B2P_CACHE', '/big/disk')
  expect(cacheFolder('sources', 'ab')).toBe('/big/disk/sources/ab')
  vi.stubEnv('B2P_CACHE', undefined)
  vi.stubEnv('XDG_CACHE_HOME', '/home/tc/caches')
  expect(cacheFolder('sources')).toBe('/home/tc/caches/boot2podman/sources')
  vi.unstubAllEnvs()
})
