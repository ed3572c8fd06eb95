import { Problem } from '@boot2podman/kit'

/**
 * These names and all that they need, each once, what is needed before what needs it.
 * A cycle is a Problem that shows the way round it.
 */
export function closure(names: readonly string[], needs: (name: string) => readonly string[]): string[] {
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return
    const start = path.indexOf(name)
    if (start !== -1) {
      const round = [...path.slice(start), name]
      throw new Problem({
        where: name,
        what: `needs itself: ${round.join(' -> ')}`,
        fix: `take one of these edges out of its .dep or .build-dep file`,
      })
    }
    for (const need of needs(name)) visit(need, [...path, name])
    done.add(name)
  }
  for (const name of names) visit(name, [])
  return [...done]
}
