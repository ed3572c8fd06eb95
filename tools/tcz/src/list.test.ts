import { expect, test } from 'vitest'
import { formatList } from './list.ts'

test('sorted by bytes, as LC_ALL=C sort does, not by locale or by UTF-16', () => {
  expect(formatList(['usr/b', 'usr/A', 'usr/a', 'usr/-', 'usr/\u{1F427}', 'usr/\uFF5E'])).toBe(
    'usr/-\nusr/A\nusr/a\nusr/b\nusr/\uFF5E\nusr/\u{1F427}\n',
  )
})

test('an empty package has an empty list', () => {
  expect(formatList([])).toBe('')
})
