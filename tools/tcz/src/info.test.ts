import { expect, test } from 'vitest'
import { formatInfo } from './info.ts'

const INFO = {
  name: 'conmon',
  version: '2.1.13',
  summary: 'Watches one container',
  licence: 'Apache-2.0',
  size: 88 * 1024 - 3,
}

test('the twelve fields of Tiny Core in their order, values in one column', () => {
  expect(formatInfo(INFO)).toBe(`Title:          conmon.tcz
Description:    Watches one container
Version:        2.1.13
Author:         n/a
Original-site:  n/a
Copying-policy: Apache-2.0
Size:           88K
Extension_by:   boot2podman
Tags:           n/a
Comments:       n/a
Change-log:     n/a
Current:        n/a
`)
})

test('lines of a comment stand under each other; no line ends with a blank', () => {
  const text = formatInfo({ ...INFO, tags: ['oci', 'cli'], comments: ['One.', 'Two.'] })
  expect(text).toContain('Tags:           oci cli\nComments:       One.\n                Two.\n')
  expect(text).not.toMatch(/ $/m)
})

test.each([
  [0, '1K'],
  [1, '1K'],
  [1025, '2K'],
  [1024 * 1024, '1.0MB'],
  [13.25 * 1024 * 1024, '13.3MB'],
])('%d bytes are %s', (size, text) => {
  expect(formatInfo({ ...INFO, size })).toContain(`Size:           ${text}\n`)
})
