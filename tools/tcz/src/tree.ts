/**
 * `NAME.tcz.tree` as Tiny Core's server makes it: the name, then its dependencies depth first, 3 spaces a level,
 * repeated where they are needed again, and an empty line at the end.
 */
export function formatTree(name: string, deps: (name: string) => readonly string[]): string {
  const lines = (one: string, level: number): string[] => [
    `${'   '.repeat(level)}${one}.tcz\n`,
    ...deps(one).flatMap((dep) => lines(dep, level + 1)),
  ]
  return `${lines(name, 0).join('')}\n`
}
