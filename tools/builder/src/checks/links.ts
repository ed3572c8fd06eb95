import { posix } from 'node:path'
import type { Rule } from './rule.ts'

/** A relative link stays below the root: another root, such as a container's, is not to be left by it. */
export const links: Rule = {
  check: ({ entries }) =>
    entries
      .filter(({ path, target }) => {
        if (target === undefined || target.startsWith('/')) return false
        return posix.join(posix.dirname(path), target).startsWith('..')
      })
      .map(({ path, target }) => ({ path, what: `is a link that leaves the package: ${target}` })),
}
