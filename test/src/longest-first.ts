import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take a minute or more when two run side by side, the longest first. */
const ORDER = (
  'podman-machine add-a-package varlink storage api-clients build tcz-build data-disk podman podman-machine-killed api rootless oci ' +
  'tce-load ssh networks power-cuts services podman-machine-generic medium format backup small podman-machine-package time tce-update'
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
