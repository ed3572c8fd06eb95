import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Package, Repository } from '@boot2podman/tcz'

/** The packages that are linked into the programs of another: it is built with them, and they hold only static libraries. */
export function linkedInto(root: string, repository: Repository, pkg: Package): Package[] {
  return pkg.buildDeps
    .map((name) => repository.get(name))
    .filter((one) => one !== undefined)
    .filter(({ name }) => name.endsWith('-dev') && isStatic(join(root, 'dist/tcz', `${name}.tcz.list`)))
}

function isStatic(list: string): boolean {
  if (!existsSync(list)) return false
  const text = readFileSync(list, 'utf8')
  return /\.a$/m.test(text) && !/\.so(?:\.[\d.]+)?$/m.test(text)
}
