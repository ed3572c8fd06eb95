import { expect, test } from 'vitest'
import { indexPath, newestOf } from './crates-index.ts'

test('where a crate is in the index', () => {
  expect(['a', 'ab', 'abc', 'netavark'].map(indexPath)).toEqual(['1/a', '2/ab', '3/a/abc', 'ne/ta/netavark'])
})

test('the newest version is neither withdrawn nor a foretaste', () => {
  const line = (vers: string, yanked = false) => `${JSON.stringify({ name: 'x', vers, yanked })}\n`
  expect(newestOf(line('0.9.0') + line('0.10.0') + line('0.11.0', true) + line('1.0.0-rc.1'))).toBe('0.10.0')
  expect(newestOf(line('1.0.0', true))).toBeUndefined()
})
