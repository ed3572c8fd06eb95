import { writeBoms } from '@boot2podman/sbom'
import type { Repository } from '@boot2podman/tcz'
import { writeIndex } from './write-index.ts'

/**
 * Makes dist/tcz the repository of all that is built: the indexes, then a bill of materials for each extension. What is
 * right already is left alone. Returns the names of the extensions.
 */
export async function writeRepository(root: string, repository: Repository, now: Date): Promise<string[]> {
  const names = await writeIndex(root, repository, now)
  await writeBoms(root, repository, names)
  return names
}
