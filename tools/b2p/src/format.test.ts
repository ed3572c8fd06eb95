import { expect, test } from 'vitest'
import { formatSeconds, formatSize } from './format.ts'

test.each([
  [1, '1 kB'],
  [88_000, '88 kB'],
  [1_000_000, '1.0 MB'],
  [44_250_000, '44.3 MB'],
])('%d bytes are %s', (bytes, text) => expect(formatSize(bytes)).toBe(text))

test.each([
  [0, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min 0 s'],
  [870, '14 min 30 s'],
])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))
