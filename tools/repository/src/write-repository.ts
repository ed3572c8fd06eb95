import { writeBoms } from '@boot2podman/sbom'
import type { Repository } from '@boot2podman/tcz'
import { builtExtensions, writeIndex } from './write-index.ts'

/**
 * Makes dist/tcz the repository of all that is built: a bill of materials for each extension, then the indexes, so that what
 * they name is there. What is right already is left alone. Returns the names of the extensions.
 */
export async function writeRepository(root: string, repository: Repository, now: Date): Promise<string[]> {
  const extensions = await builtExtensions(root, repository)
  const names = extensions.map(({ name }) => name)
  await writeBoms(root, repository, names)
  await writeIndex(root, extensions, now)
  return names
}
