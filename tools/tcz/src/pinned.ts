import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Package } from './repository.ts'

/** Whether it is known which files a package's source is: what lies in the tree needs no lock to say so. */
export function isPinned(root: string, { folder, source }: Package): boolean {
  return 'local' in source || existsSync(join(root, folder, 'tcz.lock'))
}
