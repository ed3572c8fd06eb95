import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLayer } from '@boot2podman/sandbox'
import { type LockedFile, lockedCrates, readLock } from '@boot2podman/sources'
import type { Package } from '@boot2podman/tcz'
import { type Module, readModules } from './build-info.ts'

/** What a package is made of. */
export interface Parts {
  /** As tcz.lock has them. */
  sources: LockedFile[]
  /** That are linked into its programs, with go.sum's checksum where it has one. */
  modules: (Module & { sum?: string })[]
  /** That its Cargo.lock names, with the checksum of each. */
  crates: { name: string; version: string; sha256: string }[]
}

export async function partsOf(root: string, pkg: Package): Promise<Parts> {
  return {
    sources: readLock(root, pkg),
    modules: await modulesOf(root, pkg),
    crates: await lockedCrates(root, pkg),
  }
}

/** The Go modules in a built package's programs. */
export async function modulesOf(root: string, pkg: Package): Promise<Parts['modules']> {
  if (!('go' in pkg.source)) return []
  const folder = await openLayer(join(root, 'dist/tcz', `${pkg.name}.tcz`))
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found = new Map<string, Module>()
  for (const entry of entries.filter((one) => one.isFile())) {
    for (const module of readModules(await readFile(join(entry.parentPath, entry.name)))) {
      found.set(module.path, module)
    }
  }
  const sums = await readSums(join(root, pkg.folder, 'go.sum'))
  return [...found.values()]
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map((module) => {
      const sum = sums.get(`${module.path} ${module.version}`)
      return { ...module, ...(sum !== undefined && { sum }) }
    })
}

async function readSums(file: string): Promise<Map<string, string>> {
  if (!existsSync(file)) return new Map()
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.split(' '))
  return new Map(lines.map(([path, version, sum = '']) => [`${path} ${version}`, sum]))
}
