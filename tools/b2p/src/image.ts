import { Problem } from '@boot2podman/kit'
import { flavourNames, mergeFlavours, readFlavourFiles } from '@boot2podman/tcz'

/** The image that is meant when none is named. */
export const DEFAULT = 'boot2podman'

/** The name of an image; that of `boot2podman-kubernetes` may be said shortly, `kubernetes`. Else a Problem. */
export function findImage(root: string, word: string): string {
  const name = imageNamed(root, word)
  if (name !== undefined) return name
  const known = flavourNames(root)
  throw new Problem({
    where: 'iso',
    what: `there is no image "${word}"`,
    fix: known.length > 0 ? `known: ${known.join(', ')}` : `make one: iso/${word}.json`,
  })
}

export function imageNamed(root: string, word: string): string | undefined {
  const known = flavourNames(root)
  return [word, `${DEFAULT}-${word}`].find((name) => known.includes(name))
}

/** In MB: what a machine of an image is given to be tried. */
export function memoryOf(root: string, name: string): number {
  return Number(mergeFlavours(readFlavourFiles(root, name)).memory ?? 512)
}
