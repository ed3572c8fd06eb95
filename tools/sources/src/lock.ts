import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem, writeAtomic } from '@boot2podman/kit'
import type { Package, Suite } from '@boot2podman/tcz'

/** A file that a source is made of, as `tcz.lock` holds it. */
export interface LockedFile {
  name: string
  version: string
  /** Hexadecimal. */
  sha256: string
  /** The Debian package that it is, or that it comes from. */
  package?: string
  suite?: Suite
}

/** The pins of a package. One that was never pinned has none: a Problem, but for sources that lie in the tree. */
export function readLock(root: string, pkg: Package): LockedFile[] {
  const file = join(pkg.folder, 'tcz.lock')
  if ('local' in pkg.source) return []
  if (!existsSync(join(root, file))) {
    throw new Problem({
      where: pkg.folder,
      what: 'its source was never pinned',
      fix: `./b2p pin ${pkg.name}`,
    })
  }
  return parseLock(readFileSync(join(root, file), 'utf8'), file, pkg.name)
}

/** Writes a package's tcz.lock, or removes it where there is nothing to lock. */
export async function writeLock(root: string, pkg: Package, files: readonly LockedFile[]): Promise<void> {
  const file = join(root, pkg.folder, 'tcz.lock')
  if (files.length === 0) await rm(file, { force: true })
  else await writeAtomic(file, formatLock(files))
}

/** `tcz.lock`: JSON, one file a line and sorted, so that a moved pin is a diff of that line. */
export function formatLock(files: readonly LockedFile[]): string {
  const lines = [...files]
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
    .map(({ name, version, sha256, package: debian, suite }) => {
      const fields = Object.entries({ name, version, sha256, package: debian, suite })
      const known = fields.filter(([, value]) => value !== undefined)
      return `    { ${known.map(([key, value]) => `"${key}": ${JSON.stringify(value)}`).join(', ')} }`
    })
  return `{\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`
}

export function parseLock(text: string, file: string, name: string): LockedFile[] {
  try {
    const { files } = JSON.parse(text) as { files: LockedFile[] }
    if (files.every((one) => typeof one.name === 'string' && /^[0-9a-f]{64}$/.test(one.sha256))) return files
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
  }
  throw new Problem({
    where: file,
    what: 'this is not a lock file',
    fix: `pin writes it, nobody else: ./b2p pin ${name}`,
  })
}
