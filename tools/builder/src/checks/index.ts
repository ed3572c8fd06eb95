import { Problem, type Trouble } from '@boot2podman/kit'
import { isToolchain } from '../task.ts'
import { buildPath } from './build-path.ts'
import { links } from './links.ts'
import { names } from './names.ts'
import { places } from './places.ts'
import { positionIndependent } from './position-independent.ts'
import { readOnlyRelocations } from './read-only-relocations.ts'
import { remains } from './remains.ts'
import type { Rule, Subject } from './rule.ts'
import { setUid } from './set-uid.ts'
import { stack } from './stack.ts'
import { worldWritable } from './world-writable.ts'

const RULES: readonly Rule[] = [
  names,
  places,
  links,
  remains,
  setUid,
  worldWritable,
  buildPath,
  positionIndependent,
  readOnlyRelocations,
  stack,
]

/** Holds a package's tree against every rule. Throws a Problem with all that was found. */
export function checkRules(subject: Subject): void {
  const { name, folder } = subject.pkg
  const [first, ...rest] = RULES.filter((rule) => !(rule.notForToolchains && isToolchain(subject.pkg)))
    .flatMap((rule) => rule.check(subject))
    .map(
      ({ path, what, fix }): Trouble => ({
        where: folder,
        what: `${path} in ${name}.tcz ${what}`,
        ...(fix !== undefined && { fix }),
      }),
    )
  if (first) throw new Problem(first, ...rest)
}
