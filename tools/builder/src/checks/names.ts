import type { Rule } from './rule.ts'

/** The `.list` has one path a line, in UTF-8. */
export const names: Rule = {
  check: ({ entries }) =>
    entries
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .filter(({ path }) => /[\x00-\x1f\x7f\ufffd]/.test(path))
      .map(({ path }) => ({ path: JSON.stringify(path), what: 'has a name that is not plain UTF-8' })),
}
