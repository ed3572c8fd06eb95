import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take half a minute or more, the longest first. */
const ORDER = (
  'data-disk podman-machine tce-load varlink api-clients storage podman oci add-a-package power-cuts podman-machine-killed ' +
  'services api small format time backup medium ssh power'
).split(' ')

/** A long file that begins last keeps one worker busy while the other has nothing to do. Vitest goes by the size of what it does not know. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = ORDER.indexOf(basename(moduleId, '.test.ts'))
  return place === -1 ? ORDER.length : place
}
