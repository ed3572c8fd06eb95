import { basename, dirname } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'
import { type Package, type Repository, readRepository } from '@boot2podman/tcz'
import type {
  CreateDependencies,
  CreateNodes,
  ProjectConfiguration,
  RawProjectGraphDependency,
} from '@nx/devkit'
import { readFlavour } from './flavour.ts'
import { leftOut } from './left-out.ts'
import { flavourProject, packageProject, toolProject, unpinnedProject } from './project.ts'

export const name = '@boot2podman/nx-tcz'

/** A project for every package, every image and every tool. There is no second list. */
export const createNodes: CreateNodes = [
  '{packages/*/tcz.json,kernel/tcz.json,iso/*.json,tools/*/package.json}',
  (files, _options, { workspaceRoot }) => {
    const packages = readRepository(workspaceRoot)
    // A mistake in an image's file is told with its project, beside those of others.
    const out = orNone(() => leftOut(workspaceRoot, packages))
    return allAtOnce(files, (file) => {
      const project = projectOf(file, packages, workspaceRoot, out)
      return [file, { projects: { [project.root]: project } }]
    })
  },
]

/** The edges: what a package's `.dep` and `.build-dep` files name, and what an image is made of. */
export const createDependencies: CreateDependencies = (_options, { workspaceRoot, projects }) => {
  const packages = readRepository(workspaceRoot)
  const images = Object.values(projects).filter(({ tags }) => tags?.includes('iso'))
  return [
    ...[...packages.values()].flatMap(packageEdges),
    ...images.flatMap(({ name = '' }) => {
      const { file, bases, packages: parts } = readFlavour(workspaceRoot, name, packages)
      return [...parts, ...bases.map((base) => base.name)].map((target) => edge(name, target, file))
    }),
  ]
}

/** As `map`, but what is wrong with each is told together. */
function allAtOnce<In, Out>(all: readonly In[], convert: (one: In) => Out): Out[] {
  const troubles: Trouble[] = []
  const converted = all.flatMap((one) => {
    try {
      return [convert(one)]
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      troubles.push(...error.troubles)
      return []
    }
  })
  // What is wrong with an image is found again with those that extend it.
  const each = new Map(troubles.map((trouble) => [`${trouble.where} ${trouble.what}`, trouble]))
  const [first, ...rest] = each.values()
  if (first) throw new Problem(first, ...rest)
  return converted
}

function projectOf(
  file: string,
  packages: Repository,
  root: string,
  out: ReadonlySet<string>,
): ProjectConfiguration {
  const folder = dirname(file)
  if (folder === 'iso') return flavourProject(readFlavour(root, basename(file, '.json'), packages), packages)
  const one = packages.get(basename(folder))
  if (!one || basename(file) !== 'tcz.json') return toolProject(folder, root)
  return out.has(one.name) ? unpinnedProject(one) : packageProject(one, packages)
}

function orNone(find: () => Set<string>): Set<string> {
  try {
    return find()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return new Set()
  }
}

function packageEdges({ name, folder, deps, buildDeps }: Package): RawProjectGraphDependency[] {
  return [
    ...deps.map((dep) => edge(name, dep, `${folder}/${name}.tcz.dep`)),
    ...buildDeps.map((dep) => edge(name, dep, `${folder}/${name}.tcz.build-dep`)),
  ]
}

function edge(source: string, target: string, sourceFile: string): RawProjectGraphDependency {
  // `DependencyType.static` of @nx/devkit, whose 200 ms to load are worth a cast.
  return { source, target, sourceFile, type: 'static' as never }
}
