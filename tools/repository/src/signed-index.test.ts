import { expect, test } from 'vitest'
import { formatIndex, nextIndex, parseIndex } from './signed-index.ts'

const now = new Date('2026-05-01T12:00:00.500Z')
const later = (days: number) => new Date(now.getTime() + days * 86_400_000)
const file = (name: string, digit = 'a') => ({ name, sha256: digit.repeat(64), size: 7 })

test('a title, version and expiry, then the files by bytes; read again it is the same', () => {
  const index = nextIndex([file('b.tcz'), file('b.tcz.dep'), file('B.tcz', '0')], undefined, now)
  const text = formatIndex(index)
  expect(text).toBe(`boot2podman-repository 1
version ${Math.floor(now.getTime() / 1000)}
expires 2027-05-01T12:00:00Z
${'0'.repeat(64)}  7  B.tcz
${'a'.repeat(64)}  7  b.tcz
${'a'.repeat(64)}  7  b.tcz.dep
`)
  expect(formatIndex(parseIndex(text, 'index'))).toBe(text)
})

test('the same files: the same index, until half of its year is over', () => {
  const first = nextIndex([file('a.tcz')], undefined, now)
  expect(nextIndex([file('a.tcz')], first, later(100))).toBe(first)
  expect(nextIndex([file('a.tcz')], first, later(200))).toMatchObject({ expires: later(565) })
})

test('other files: a later version, though the clock went back', () => {
  const first = nextIndex([file('a.tcz')], undefined, now)
  expect(nextIndex([file('a.tcz', 'b')], first, later(1)).version).toBe(first.version + 86_400)
  expect(nextIndex([], first, later(-10)).version).toBe(first.version + 1)
})

test.each([
  ['', 'index:1: this is not "boot2podman-repository 1"'],
  ['boot2podman-repository 1\nversion 1.5\n', 'index:2: expected "version" and a whole number'],
  ['boot2podman-repository 1\nversion 1\nexpires soon\n', 'index:3: expected "expires" and a time'],
  ['boot2podman-repository 1\nversion 1\nexpires 2027-13-01T00:00:00Z\n', 'index:3: expected "expires"'],
  ['boot2podman-repository 1\nversion 1\nexpires 2027-01-01T00:00:00Z\nabc', 'index:4: the file is cut off'],
  ['boot2podman-repository 1\nversion 1\nexpires 2027-01-01T00:00:00Z\nabc\n', 'index:4: expected SHA256'],
])('%j is told by its line', (text, message) => {
  expect(() => parseIndex(text, 'index')).toThrow(message)
})
