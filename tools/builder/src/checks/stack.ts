import type { Rule } from './rule.ts'

/** Nothing on the stack is run. A file that does not say leaves it to the kernel, which then allows it. */
export const stack: Rule = {
  notForToolchains: true,
  check: ({ elfs }) =>
    elfs
      .filter(({ type, stack: flags = 'E' }) => type !== 'REL' && flags.includes('E'))
      .map(({ path }) => ({
        path,
        what: 'asks for an executable stack',
        fix: 'link with -z noexecstack; an assembler file wants a .note.GNU-stack section',
      })),
}
