import type { Rule } from './rule.ts'

const PAGES = /^usr\/(?:local\/)?share\/(?:man|doc|info|locale|gtk-doc)(?:\/|$)/
const BUILD_ONLY = /\.(?:a|la|o|pc)$|^usr\/(?:local\/)?include\//

/** What a machine does not need at run time is in packages of its own: NAME-dev, NAME-doc. */
export const remains: Rule = {
  notForToolchains: true,
  check: ({ pkg: { name }, entries }) => {
    const unwanted = [
      ...(name.endsWith('-doc') ? [] : [PAGES]),
      ...(name.endsWith('-dev') ? [] : [BUILD_ONLY]),
    ]
    return entries
      .filter(({ path, type }) => type !== 'folder' && unwanted.some((pattern) => pattern.test(path)))
      .map(({ path }) => ({
        path,
        what: 'is of no use while a machine runs',
        fix: PAGES.test(path) ? 'do not install it' : `do not install it, or make a package ${name}-dev`,
      }))
  },
}
