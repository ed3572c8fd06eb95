import type { Rule } from './rule.ts'

/**
 * A program runs at any address, so an attacker knows none. Go's may have one of their own: what the rule protects from,
 * they hardly have, and to move one dirties megabytes of tables at each start (podman: 6 MB, two thirds of the time of --version).
 */
export const positionIndependent: Rule = {
  notForToolchains: true,
  check: ({ elfs }) =>
    elfs
      .filter(({ type, go }) => type === 'EXEC' && !go)
      .map(({ path }) => ({
        path,
        what: 'is not position-independent (PIE)',
        fix: 'CFLAGS=-fPIE LDFLAGS=-pie, or -static-pie',
      })),
}
