/** The module that holds a path of Go's, of those that a go.mod requires: the longest that the path begins with. */
export function moduleOf(path: string, goMod: string): string | undefined {
  return [...goMod.matchAll(/^(?:require)?\s+(\S+) v\S+/gm)]
    .map(([, module = '']) => module)
    .filter((module) => path === module || path.startsWith(`${module}/`))
    .sort((one, other) => one.length - other.length)
    .at(-1)
}
