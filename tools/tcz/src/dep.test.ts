import { expect, test } from 'vitest'
import { formatDep, parseDep } from './dep.ts'

test('names in their order; blank lines and blanks are nothing', () => {
  expect(parseDep('zlib.tcz\n\n  glib2.tcz \r\nlibstdc++-6.tcz', 'a.dep')).toEqual([
    'zlib',
    'glib2',
    'libstdc++-6',
  ])
  expect(parseDep('', 'a.dep')).toEqual([])
})

test('a name without .tcz is told by file and line', () => {
  expect(() => parseDep('glib2.tcz\nzlib', 'a.dep')).toThrow('a.dep:2: "zlib" is not')
})

test('all bad lines are told at once', () => {
  expect(() => parseDep('zlib\nglib2.tcz\n../up.tcz\na.tcz b.tcz', 'a.dep')).toThrow(
    /a\.dep:1: [\s\S]*a\.dep:3: [\s\S]*a\.dep:4: /,
  )
})

test('what is written can be read', () => {
  expect(formatDep(['glib2', 'zlib'])).toBe('glib2.tcz\nzlib.tcz\n')
  expect(parseDep(formatDep(['glib2', 'zlib']), 'a.dep')).toEqual(['glib2', 'zlib'])
})
