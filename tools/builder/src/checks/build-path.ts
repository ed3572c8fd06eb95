import type { Rule } from './rule.ts'

/** /build is gone when the package is used: nothing may point there. */
export const buildPath: Rule = {
  check: ({ entries, elfs }) => [
    ...entries
      .filter(({ path, target }) => isBuild(`/${path}`) || isBuild(target ?? ''))
      .map(({ path }) => ({ path, what: 'names the build folder', fix: 'DESTDIR is in no path' })),
    ...elfs
      .filter(({ runPath }) => runPath.some(isBuild))
      .map(({ path, runPath }) => ({
        path,
        what: `looks for libraries in the build folder: ${runPath.join(':')}`,
        fix: 'link without -rpath',
      })),
  ],
}

function isBuild(path: string): boolean {
  return path === '/build' || path.startsWith('/build/')
}
