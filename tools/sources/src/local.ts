import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import type { Kind, SourceOf } from './kind.ts'

/** A folder of the recipe's own. There is nothing to fetch or to pin: git has it. */
export const local: Kind<SourceOf<'local'>> = {
  async fetch({ root, pkg, source }) {
    if (existsSync(join(root, pkg.folder, source.local))) return
    throw new Problem({
      where: join(pkg.folder, 'tcz.json'),
      what: `there is no folder "${source.local}" here`,
      fix: `expected a folder below ${pkg.folder}, or "." for that one itself`,
    })
  },

  async unpack({ root, pkg, source }, _locked, folder) {
    await cp(join(root, pkg.folder, source.local), folder, { recursive: true, verbatimSymlinks: true })
  },

  async pin() {
    return { files: [] }
  },
}
