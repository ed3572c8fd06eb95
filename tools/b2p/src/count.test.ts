import { expect, test } from 'vitest'
import { addUp, countReport, formatCount } from './count.ts'

const report = (
  passed: number,
  failed: number,
  ...files: { status: string; assertionResults: unknown[] }[]
) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults: files,
})

test('the last line', () => {
  const sum = addUp([
    { passed: 1, failed: 0 },
    { passed: 40, failed: 2 },
  ])
  expect(formatCount(sum)).toBe('41 passed, 2 failed')
})

test('what Vitest counted', () => {
  expect(countReport(report(3, 0), 'well')).toEqual({ passed: 3, failed: 0 })
  const file = { status: 'failed', assertionResults: [{}] }
  expect(countReport(report(3, 2, file), 'badly')).toEqual({ passed: 3, failed: 2 })
})

test('a file that could not be loaded has failed', () => {
  const broken = { status: 'failed', assertionResults: [] }
  expect(countReport(report(3, 0, broken), 'badly')).toEqual({ passed: 3, failed: 1 })
})

test('a run that ended badly has failed, though no test did; so has one without a report', () => {
  expect(countReport(report(3, 0), 'badly')).toEqual({ passed: 3, failed: 1 })
  expect(countReport(undefined, 'badly')).toEqual({ passed: 0, failed: 1 })
})
