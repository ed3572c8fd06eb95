import { Problem, type Trouble } from '@boot2podman/kit'
import { leftOut } from '@boot2podman/nx-tcz/left-out'
import { closure, flavourNames, isPinned, type Repository, readRepository } from '@boot2podman/tcz'
import { edgesBelow } from './edges.ts'

/** What a package or an image needs and nobody has pinned is told, before anything of it is built. */
export function throwIfUnpinned(root: string, packages: Repository, project: string): void {
  // Tools are projects too.
  if (!packages.has(project) && !flavourNames(root).includes(project)) return
  const edges = edgesBelow(root, packages)
  const [first, ...rest] = closure([project], (name) => edges(name).map(({ to }) => to)).flatMap(
    (name): Trouble[] => {
      const one = packages.get(name)
      if (!one || isPinned(root, one)) return []
      const needed = name === project ? '' : `, and ${project} needs it: ./b2p why ${project} ${name}`
      const what = `its source was never pinned${needed}`
      return [{ where: one.folder, what, fix: `where its source can be reached: ./b2p pin ${name}` }]
    },
  )
  if (first) throw new Problem(first, ...rest)
}

/** A line about the recipes that no build takes. Undefined when there is none, or when the recipes cannot be read. */
export function formatLeftOut(root: string): string | undefined {
  try {
    const names = [...leftOut(root, readRepository(root))]
    return names.length > 0 ? `unpinned, so in no build: ${names.join(', ')}` : undefined
  } catch (error) {
    // Whatever is asked for next tells it.
    if (error instanceof Problem) return undefined
    throw error
  }
}
