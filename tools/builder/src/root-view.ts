import { posix } from 'node:path'
import type { Entry } from './tree.ts'

/** A file found in a stack of packages: under its real path, and whose it is. */
export interface Found {
  path: string
  owner: string
  entry: Entry
}

/** A stack of packages seen as one root, as a machine that has loaded them sees it. */
export interface RootView {
  /** Follows links. Undefined when the path leads to nothing. */
  find: (path: string) => Found | undefined
}

/** In every root these are links into usr; the package `core` brings them. */
const MERGED = ['bin', 'sbin', 'lib', 'lib64']

/** Of one path in two packages the first one's counts. */
export function viewRoot(packages: ReadonlyMap<string, readonly Entry[]>): RootView {
  const all = new Map<string, Found>()
  for (const name of MERGED) {
    all.set(name, {
      path: name,
      owner: '',
      entry: { path: name, type: 'link', mode: 0o777, target: `usr/${name}` },
    })
  }
  for (const [owner, entries] of packages) {
    for (const entry of entries) {
      if (!all.has(entry.path)) all.set(entry.path, { path: entry.path, owner, entry })
    }
  }
  return { find: (path) => follow(all, path, 40) }
}

/** Walks a path part by part: a link may stand in the middle. `links` is how many more may be followed. */
function follow(all: ReadonlyMap<string, Found>, path: string, links: number): Found | undefined {
  const parts = posix.resolve('/', path).split('/').slice(1)
  for (let count = 1; count <= parts.length; count++) {
    const found = all.get(parts.slice(0, count).join('/'))
    if (!found) return undefined
    if (found.entry.target === undefined) {
      if (count === parts.length) return found
      continue
    }
    if (links === 0) return undefined
    const target = posix.resolve('/', posix.dirname(found.path), found.entry.target)
    return follow(all, posix.join(target, ...parts.slice(count)), links - 1)
  }
  return undefined
}
