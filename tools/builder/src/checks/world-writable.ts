import type { Rule } from './rule.ts'

/** Nothing may be written by everybody, but in a folder whose sticky bit keeps each one's files apart. */
export const worldWritable: Rule = {
  check: ({ entries }) =>
    entries
      .filter(({ type, mode }) => type !== 'link' && mode & 0o002 && !(type === 'folder' && mode & 0o1000))
      .map(({ path, mode }) => ({
        path,
        what: `may be written by everybody: mode ${mode.toString(8)}`,
        fix: 'install it with 755 or 644',
      })),
}
