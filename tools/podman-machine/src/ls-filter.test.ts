import { expect, test } from 'vitest'
import { matches, parseFilters } from './ls-filter.ts'

test('those of one key are alternatives; label is to the letter, name a pattern, the others in any case', () => {
  const filters = parseFilters(['driver=QEMU', 'driver=none', 'name=^b', 'label=a=b'])
  expect(matches(filters, 'driver', ['qemu'])).toBe(true)
  expect(matches(filters, 'driver', ['none'])).toBe(true)
  expect(matches(filters, 'driver', ['generic'])).toBe(false)
  expect(matches(filters, 'name', ['box'])).toBe(true)
  expect(matches(filters, 'name', ['abox'])).toBe(false)
  expect(matches(filters, 'label', ['x=y', 'a=b'])).toBe(true)
  expect(matches(filters, 'label', ['a=B'])).toBe(false)
  expect(matches(filters, 'state', ['Running'])).toBe(true)
})

test.each([
  ['state', 'Error: Unsupported filter syntax\n  "state": expected KEY=VALUE, such as state=Running'],
  ['swarm=x', "Error: Unsupported filter key 'swarm'\n  known: driver, state, name, label"],
  ['name=(', '--filter name=(: Invalid regular expression'],
])('%s is told', (text, message) => {
  expect(() => parseFilters([text])).toThrow(message)
})
