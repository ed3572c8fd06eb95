import { expect, test } from 'vitest'
import { median, table } from './table.ts'

test('the median of odd and of even counts', () => {
  expect(median([9, 1, 3])).toBe(3)
  expect(median([10, 9, 1, 3])).toBe(6)
})

test('each row is compared with the first', () => {
  const rows = [
    { name: 'peer', seconds: [40, 44, 36] },
    { name: 'ours', seconds: [8, 9, 8] },
  ]
  expect(
    table(rows)
      .split('\n')
      .map((line) => line.replace(/ +/g, ' ')),
  ).toEqual([
    'peer 40.0 44.0 36.0 median 40.0 s, 1.0 times as soon',
    'ours 8.0 9.0 8.0 median 8.0 s, 5.0 times as soon',
  ])
})
