import { expect, test } from 'vitest'
import { parsePlace } from './place.ts'

test.each([
  ['file', { path: 'file' }],
  ['./a:b', { path: './a:b' }],
  ['/a:b', { path: '/a:b' }],
  ['localhost:a:b', { path: 'a:b' }],
  ['box:', { machine: 'box', path: '' }],
  ['box:/etc/a:b', { machine: 'box', path: '/etc/a:b' }],
  ['root@box:/etc', { machine: 'box', user: 'root', path: '/etc' }],
])('%s', (text, place) => {
  expect(parsePlace(text, 'linux')).toEqual(place)
})

test('a drive of Windows is no machine there', () => {
  expect(parsePlace('C:\\a', 'win32')).toEqual({ path: 'C:\\a' })
  expect(parsePlace('C:\\a', 'linux')).toEqual({ machine: 'C', path: '\\a' })
})
