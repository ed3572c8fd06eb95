import { readdir, rm, rmdir } from 'node:fs/promises'
import { join, matchesGlob } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'

// Nobody reads these on a machine without a pager; together they are a fifth of what Debian's packages hold.
const DOCUMENTS = ['doc', 'doc-base', 'info', 'locale', 'man', 'lintian', 'bug', 'bash-completion', 'pixmaps']
const NEVER = DOCUMENTS.map((name) => `usr/share/${name}/**`)

/**
 * Keeps the files that one of the globs names (`usr/bin/*`; a folder is meant with `/**`) and drops the rest, always the
 * documents and translations. Folders left empty go too. A glob that names nothing is a Problem of that file.
 */
export async function keepOnly(
  folder: string,
  globs: readonly string[] | undefined,
  file: string,
): Promise<void> {
  const unused = new Set(globs)
  const visit = async (path: string): Promise<boolean> => {
    let empty = true
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const inner = join(path, entry.name)
      const keep = entry.isDirectory() ? await visit(inner) : isKept(inner, globs, unused)
      if (keep) empty = false
      else if (!entry.isDirectory()) await rm(join(folder, inner))
    }
    if (empty && path !== '') await rmdir(join(folder, path))
    return !empty
  }
  await visit('')
  const [first, ...rest] = [...unused].map(
    (glob): Trouble => ({
      where: file,
      what: `no file is named by "${glob}"`,
      fix: 'globs are relative, after the move of /lib and the like below /usr: usr/lib/**',
    }),
  )
  if (first) throw new Problem(first, ...rest)
}

function isKept(path: string, globs: readonly string[] | undefined, unused: Set<string>): boolean {
  if (NEVER.some((glob) => matches(path, glob))) return false
  if (!globs) return true
  const matching = globs.filter((glob) => matches(path, glob))
  for (const glob of matching) unused.delete(glob)
  return matching.length > 0
}

// A wildcard leaves out names with a leading dot, as in a shell; in a package these are files like others.
function matches(path: string, glob: string): boolean {
  const dotless = (text: string) => text.replace(/(?<=^|\/)\./g, '\u0001')
  return matchesGlob(dotless(path), dotless(glob))
}
