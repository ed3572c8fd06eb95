import { Problem, type Trouble } from '@boot2podman/kit'

const ENTRY = /^[\w.+-]+\.tcz$/

/** Names in a Tiny Core `.dep` file, in its order. Real ones hold blank lines. Throws a Problem with every bad line. */
export function parseDep(text: string, file: string): string[] {
  const troubles: Trouble[] = []
  const names = new Set<string>()
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.trim()
    if (entry === '') continue
    const where = `${file}:${index + 1}`
    const name = entry.slice(0, -'.tcz'.length)
    if (!ENTRY.test(entry)) {
      troubles.push({
        where,
        what: `"${entry}" is not the name of an extension`,
        fix: 'expected one file name a line, such as glib2.tcz',
      })
    } else if (names.has(name)) {
      troubles.push({ where, what: `"${entry}" is named twice` })
    } else {
      names.add(name)
    }
  }
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
  return [...names]
}

/** The `.dep` file of these names: one `NAME.tcz` a line. */
export function formatDep(names: readonly string[]): string {
  return names.map((name) => `${name}.tcz\n`).join('')
}
