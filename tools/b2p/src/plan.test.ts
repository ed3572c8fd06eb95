import { expect, test } from 'vitest'
import { formatPlan } from './plan.ts'

const step = (project: string, target = 'tcz') => ({ project, target, hash: 'nowhere' })

test('what is nowhere on this machine is to be made, in the order that it comes', () => {
  expect(formatPlan([step('zlib', 'build'), step('zlib'), step('git')])).toBe(
    'To be made: zlib (build, tcz), git (tcz).',
  )
  expect(formatPlan([step('zlib')], true)).toBe('To be made, or taken from the remote cache: zlib (tcz).')
  expect(formatPlan([])).toBeUndefined()
})

test('of many the first, and how many more', () => {
  const many = Array.from({ length: 20 }, (_, index) => step(`p${index}`))
  expect(formatPlan(many)).toMatch(/^To be made: p0 \(tcz\), .*, p11 \(tcz\), and 8 others\.$/)
})
