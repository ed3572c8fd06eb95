import { expect, test } from 'vitest'
import { parseCargoLock } from './cargo-lock.ts'

const own = '[[package]]\nname = "own"\nversion = "1.0.0"\n'

test('what a Cargo.lock takes from a registry is named, the crate itself is not', () => {
  const text = `version = 4\n\n${own}\n[[package]]
name = "libc"
version = "0.2.1"
source = "registry+https://registry.test/index"
checksum = "${'a'.repeat(64)}"
`
  expect(parseCargoLock(text, 'packages/own')).toEqual([
    { name: 'libc', version: '0.2.1', sha256: 'a'.repeat(64) },
  ])
})

test('a crate out of a git repository is refused', () => {
  const text = `${own}\n[[package]]\nname = "x"\nversion = "1.0.0"\nsource = "git+https://forge.test/x#abc"\n`
  expect(() => parseCargoLock(text, 'packages/own')).toThrow('its crate needs x 1.0.0 from git+')
})
