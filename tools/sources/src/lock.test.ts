import { expect, test } from 'vitest'
import { formatLock, parseLock } from './lock.ts'

const sha256 = 'a'.repeat(64)

test('a lock holds one file a line, sorted', () => {
  const text = formatLock([
    { name: 'b.deb', version: '2', sha256, package: 'b', suite: 'trixie' },
    { name: 'a.tar', version: '1', sha256 },
  ])
  expect(text).toBe(`{
  "files": [
    { "name": "a.tar", "version": "1", "sha256": "${sha256}" },
    { "name": "b.deb", "version": "2", "sha256": "${sha256}", "package": "b", "suite": "trixie" }
  ]
}
`)
  expect(parseLock(text, 'tcz.lock', 'x').map(({ name }) => name)).toEqual(['a.tar', 'b.deb'])
})

test.each(['', '{}', '{ "files": [{ "name": "a", "sha256": "short" }] }'])('%j is no lock', (text) => {
  expect(() => parseLock(text, 'packages/x/tcz.lock', 'x')).toThrow('./b2p pin x')
})
