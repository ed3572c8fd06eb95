import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** What a module is made of. */
export interface Modules {
  /** Relative to the repository's root: itself, all that it imports, and the scripts that lie beside those. */
  files: string[]
  /** npm packages that one of them imports. */
  npm: string[]
}

const OURS = '@boot2podman/'
const STATEMENT = /^(?:import|export)\s+(?!type\b)(?:([\w*\s{},$]+?)\s+from\s+)?'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g
const BESIDE = /import\.meta\.dirname,\s*'([^']+\.\w+)'/g

/**
 * Reads the imports of our tools as they are, so that no list of files has to be kept beside them. Types are erased
 * before anything runs, so they do not count; of an `index.ts` only those modules count whose names are imported.
 * `leave(from, to)` tells which imports not to follow.
 */
export function modulesOf(
  root: string,
  entry: string,
  leave: (from: string, to: string) => boolean,
): Modules {
  const files = new Set<string>()
  const npm = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    if (!file.endsWith('.ts')) return
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, beside = ''] of text.matchAll(BESIDE)) files.add(posix.join(posix.dirname(file), beside))
    for (const { names, from } of importsOf(text)) {
      if (from.startsWith('node:')) continue
      if (!from.startsWith('.') && !from.startsWith(OURS)) npm.add(packageOf(from))
      else for (const to of resolve(root, file, from, names)) if (!leave(file, to)) visit(to)
    }
  }
  visit(entry)
  return { files: [...files].sort(), npm: [...npm].sort() }
}

interface Import {
  /** Undefined: all of it. */
  names: string[] | undefined
  from: string
}

function importsOf(text: string): Import[] {
  return [
    ...[...text.matchAll(STATEMENT)].map(([, clause, from = '']) => ({ names: namesIn(clause), from })),
    ...[...text.matchAll(DYNAMIC)].map(([, from = '']) => ({ names: undefined, from })),
  ].filter(({ names }) => names === undefined || names.length > 0)
}

/** `{ a, type B, c as d }` names a and c; anything else takes the whole module. */
function namesIn(clause: string | undefined): string[] | undefined {
  const braces = clause?.match(/^\{([^}]*)\}$/)?.[1]
  return braces
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s/, 1).join())
}

function resolve(root: string, file: string, from: string, names: string[] | undefined): string[] {
  if (from.startsWith('.')) return [posix.join(posix.dirname(file), from)]
  const index = `tools/${from.slice(OURS.length)}/src/index.ts`
  if (names === undefined) return [index]
  const found = importsOf(readFileSync(join(root, index), 'utf8'))
    .filter((one) => one.names === undefined || one.names.some((name) => names.includes(name)))
    .map((one) => posix.join(posix.dirname(index), one.from))
  return found.length > 0 ? found : [index]
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
