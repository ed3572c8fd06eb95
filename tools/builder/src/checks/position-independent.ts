import type { Rule } from './rule.ts'

/** A program runs at any address, so an attacker knows none. */
export const positionIndependent: Rule = {
  notForToolchains: true,
  check: ({ elfs }) =>
    elfs
      .filter(({ type }) => type === 'EXEC')
      .map(({ path }) => ({
        path,
        what: 'is not position-independent (PIE)',
        fix: 'C: CFLAGS=-fPIE LDFLAGS=-pie, or -static-pie; Go: -buildmode=pie',
      })),
}
