import { flavourNames, isPinned, mergeFlavours, type Repository, readFlavourFiles } from '@boot2podman/tcz'

/**
 * The recipes that are not pinned, and that nothing needs: no package, no image. They have no steps, so that a build of all is
 * one of all that can be built. One that something needs has them, and the first says what is missing.
 */
export function leftOut(root: string, packages: Repository): Set<string> {
  const names = [...packages.values()].filter((one) => !isPinned(root, one)).map(({ name }) => name)
  if (names.length === 0) return new Set()
  const needed = new Set<unknown>(
    [...packages.values()].flatMap(({ deps, buildDeps }) => [...deps, ...buildDeps]),
  )
  for (const image of flavourNames(root)) {
    const { extensions, kernel, initramfs, bootloader } = mergeFlavours(readFlavourFiles(root, image))
    for (const name of [extensions, kernel, initramfs, bootloader].flat()) needed.add(name)
  }
  return new Set(names.filter((name) => !needed.has(name)))
}
