import { expect, test } from 'vitest'
import { formatSeconds, formatSize } from './format.ts'

test.each([
  [1, '1 K'],
  [88 * 1024, '88 K'],
  [1024 * 1024, '1.0 MB'],
  [44.25 * 1024 * 1024, '44.3 MB'],
])('%d bytes are %s', (bytes, text) => expect(formatSize(bytes)).toBe(text))

test.each([
  [0, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min 0 s'],
  [870, '14 min 30 s'],
])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text))
