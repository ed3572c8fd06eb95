import { join } from 'node:path'
import { readFlavour } from '@boot2podman/nx-tcz/flavour'
import { findPackage, type Repository } from '@boot2podman/tcz'
import { imageNamed } from './image.ts'

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

/** A package's or image's name as it is; else a Problem. A package's goes before the short name of an image. */
export function findProject(root: string, packages: Repository, name: string): string {
  if (packages.has(name)) return name
  return imageNamed(root, name) ?? findPackage(packages, name).name
}

function imageEdges(root: string, name: string, packages: Repository): Edge[] {
  const { packages: parts, namedIn, file } = readFlavour(root, name, packages)
  return parts.map((to) => ({ from: name, to, file: namedIn.get(to) ?? file, why: 'image' }))
}
