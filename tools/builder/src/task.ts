import { join } from 'node:path'
import type { Package, Repository } from '@boot2podman/tcz'

/** One step of one package: what it works on, and how its caller follows and ends it. */
export interface Task {
  /** The repository's root. */
  root: string
  repository: Repository
  pkg: Package
  /** Told each line for the terminal. */
  say: (line: string) => void
  signal: AbortSignal
}

/** What `build` makes: the package's tree as a tar. */
export function tarFile(name: string): string {
  return join('dist/build', `${name}.tar`)
}

/** All that a build wrote. */
export function logFile(name: string): string {
  return join('dist/build', `${name}.log`)
}

/** What `tcz` makes; its side files lie beside it. */
export function tczFile(name: string): string {
  return join('dist/tcz', `${name}.tcz`)
}

/** A toolchain is Debian's as it is: it builds packages and is never in an image. Its mark is the tag `compiler`. */
export function isToolchain({ source, tags = [] }: Package): boolean {
  return 'deb' in source && tags.includes('compiler')
}

/** What a package needs while it runs, without itself; what is needed first comes first. */
export function needs(repository: Repository, name: string): readonly string[] {
  return repository.get(name)?.deps ?? []
}
