import { existsSync } from 'node:fs'
import { cacheFolder } from '@boot2podman/kit'

/** A step, and the hash of all that it is made from. */
export interface PlannedStep {
  project: string
  target: string
  hash?: string | undefined
}

// More names than these nobody reads.
const MOST = 12

/**
 * What is going to be made anew, as a line; undefined when all of it is kept somewhere on this machine. What a remote cache
 * has is known only when it is asked for.
 */
export function formatPlan(steps: readonly PlannedStep[], remote = false): string | undefined {
  const missing = steps.filter(({ hash }) => hash === undefined || !isKept(hash))
  if (missing.length === 0) return undefined
  const projects = [...Map.groupBy(missing, ({ project }) => project)].map(
    ([project, of]) => `${project} (${of.map(({ target }) => target).join(', ')})`,
  )
  const more = projects.length > MOST ? `, and ${projects.length - MOST} others` : ''
  return `To be made${remote ? ', or taken from the remote cache' : ''}: ${projects.slice(0, MOST).join(', ')}${more}.`
}

/** Where Nx keeps a clone's results, and where the builder keeps those of all clones. */
function isKept(hash: string): boolean {
  return existsSync(`.nx/cache/${hash}`) || existsSync(cacheFolder('results', hash))
}
