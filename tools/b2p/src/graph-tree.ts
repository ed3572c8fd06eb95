import type { Edges } from './edges.ts'

/** What a package or image needs, and what that needs, a step deeper each. What was shown above is not opened again. */
export function graphTree(name: string, edges: Edges): string {
  const opened = new Set<string>()
  const lines = (one: string, before: string): string[] => {
    opened.add(one)
    const below = edges(one)
    return below.flatMap(({ to, why }, index) => {
      const last = index === below.length - 1
      const mark = why === 'build' ? ' (to build)' : ''
      const line = `${before}${last ? '└── ' : '├── '}${to}${mark}`
      if (opened.has(to)) return [edges(to).length > 0 ? `${line}, see above` : line]
      return [line, ...lines(to, `${before}${last ? '    ' : '│   '}`)]
    })
  }
  return [name, ...lines(name, '')].join('\n')
}
