/** How many tests went well, and how many did not. */
export interface Count {
  passed: number
  failed: number
}

export function addUp(counts: readonly Count[]): Count {
  return counts.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    { passed: 0, failed: 0 },
  )
}

/** The last line of `./b2p test`. */
export function formatCount({ passed, failed }: Count): string {
  return `${passed} passed, ${failed} failed`
}

/** What Vitest's JSON reporter says of a run. */
export interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

/** Counts a run of Vitest. A file that could not be loaded has no tests, yet it failed; so did a run without a report. */
export function countReport(report: Report | undefined, ended: 'well' | 'badly'): Count {
  const broken =
    report?.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    ).length ?? 0
  const failed = (report?.numFailedTests ?? 0) + broken
  return {
    passed: report?.numPassedTests ?? 0,
    // Something else went wrong: an error outside all tests, say.
    failed: ended === 'badly' && failed === 0 ? 1 : failed,
  }
}
