import type { Rule } from './rule.ts'

/** Tables of addresses are read-only once a program is loaded (RELRO). Objects and kernel modules are not loaded so. */
export const readOnlyRelocations: Rule = {
  notForToolchains: true,
  check: ({ elfs }) =>
    elfs
      .filter(({ type, relro, writable }) => type !== 'REL' && writable && !relro)
      .map(({ path }) => ({
        path,
        what: 'has no read-only relocations (RELRO)',
        fix: 'C: LDFLAGS=-Wl,-z,relro; Go: -buildmode=pie',
      })),
}
