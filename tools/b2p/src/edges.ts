import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { readFlavour } from '@boot2podman/nx-tcz/flavour'
import { findPackage, type Repository } from '@boot2podman/tcz'

/** That one needs another, and the file which says so. */
export interface Edge {
  from: string
  to: string
  file: string
  /** `run`: while it runs; `build`: to be built; `image`: it is part of it. */
  why: 'run' | 'build' | 'image'
}

export type Edges = (name: string) => Edge[]

/** What each package and each image below a root needs. Those of running come first. */
export function edgesBelow(root: string, packages: Repository): Edges {
  return (name) => {
    const one = packages.get(name)
    if (!one) return imageEdges(root, name, packages)
    const edge = (why: 'run' | 'build', suffix: string) => (to: string) => {
      return { from: name, to, file: join(one.folder, `${name}.tcz.${suffix}`), why }
    }
    return [...one.deps.map(edge('run', 'dep')), ...one.buildDeps.map(edge('build', 'build-dep'))]
  }
}

/** A package's or image's name as it is; else a Problem. */
export function findProject(root: string, packages: Repository, name: string): string {
  if (imageNames(root).includes(name)) return name
  return findPackage(packages, name).name
}

function imageEdges(root: string, name: string, packages: Repository): Edge[] {
  if (!imageNames(root).includes(name)) {
    throw new Problem({ where: 'iso', what: `there is no image "${name}"`, fix: imageNames(root).join(', ') })
  }
  const file = `iso/${name}.json`
  return readFlavour(root, file, packages).packages.map((to) => ({ from: name, to, file, why: 'image' }))
}

function imageNames(root: string): string[] {
  const folder = join(root, 'iso')
  return existsSync(folder) ? readdirSync(folder).map((file) => basename(file, '.json')) : []
}
