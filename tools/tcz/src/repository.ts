import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'
import { closure } from './closure.ts'
import { parseDep } from './dep.ts'
import { parseRecipe, type Recipe } from './recipe.ts'

/** A package: its recipe and what lies beside it. The folder's name is the package's. */
export interface Package extends Recipe {
  name: string
  /** Relative to the repository: `packages/conmon`, or `kernel`. */
  folder: string
  /** Needed while running, as the `.dep` file has them. */
  deps: string[]
  /** Needed to build it, as the `.build-dep` file has them. */
  buildDeps: string[]
}

/** Every package of a repository by its name. */
export type Repository = ReadonlyMap<string, Package>

/** The folders of all packages, relative to the repository's root: those that hold a `tcz.json`. */
export function recipeFolders(root: string): string[] {
  const packages = existsSync(join(root, 'packages')) ? readdirSync(join(root, 'packages')).sort() : []
  return [...packages.map((name) => join('packages', name)), 'kernel'].filter((folder) =>
    existsSync(join(root, folder, 'tcz.json')),
  )
}

/** Reads every recipe below a root. Throws one Problem with all mistakes of all files, unknown names and cycles too. */
export function readRepository(root: string): Repository {
  const troubles: Trouble[] = []
  const packages = new Map<string, Package>()
  for (const folder of recipeFolders(root)) {
    try {
      const one = readPackage(root, folder)
      packages.set(one.name, one)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      troubles.push(...error.troubles)
    }
  }
  // With a recipe that could not be read, its name would be reported as unknown: one mistake, told once.
  if (troubles.length === 0) troubles.push(...unknownNames(root, packages))
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
  closure([...packages.keys()], (name) => needs(packages, name))
  return packages
}

/** The package of this name, or a Problem that says which are like it. */
export function findPackage(packages: Repository, name: string): Package {
  const one = packages.get(name)
  if (one) return one
  const close = like(name, packages)
  throw new Problem({
    where: 'packages',
    what: `there is no package "${name}"`,
    fix: close ?? 'ls packages shows them',
  })
}

function readPackage(root: string, folder: string): Package {
  const name = basename(folder)
  const read = (file: string) => readFileSync(join(root, folder, file), 'utf8')
  const names = (file: string) =>
    existsSync(join(root, folder, file)) ? parseDep(read(file), join(folder, file)) : []
  return {
    ...parseRecipe(read('tcz.json'), join(folder, 'tcz.json')),
    name,
    folder,
    deps: names(`${name}.tcz.dep`),
    buildDeps: names(`${name}.tcz.build-dep`),
  }
}

function needs(packages: Repository, name: string): string[] {
  const one = packages.get(name)
  return one ? [...one.deps, ...one.buildDeps] : []
}

function unknownNames(root: string, packages: Repository): Trouble[] {
  return [...packages.values()].flatMap(({ name, folder, deps, buildDeps }) =>
    [
      ...deps.map((dep) => ({ dep, file: join(folder, `${name}.tcz.dep`) })),
      ...buildDeps.map((dep) => ({ dep, file: join(folder, `${name}.tcz.build-dep`) })),
    ]
      .filter(({ dep }) => !packages.has(dep))
      .map(({ dep, file }) => ({
        where: `${file}:${lineOf(dep, readFileSync(join(root, file), 'utf8'))}`,
        what: `there is no package "${dep}"`,
        fix: like(dep, packages) ?? `make it, in packages/${dep}, or take this line out`,
      })),
  )
}

function lineOf(dep: string, text: string): number {
  return text.split('\n').findIndex((line) => line.trim() === `${dep}.tcz`) + 1
}

function like(name: string, packages: Repository): string | undefined {
  const close = [...packages.keys()].filter((one) => one.includes(name) || name.includes(one))
  return close.length > 0 ? `did you mean ${close.join(' or ')}?` : undefined
}
