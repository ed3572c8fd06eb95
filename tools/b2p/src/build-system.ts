import type { NewPackage } from '@boot2podman/nx-tcz/generator'

// The first that is there decides: a project that has several has the later ones for other systems, or made by the first.
const SIGNS: [sign: RegExp, system: NonNullable<NewPackage['system']>][] = [
  [/^configure(\.ac|\.in)?$/, 'autotools'],
  [/^meson\.build$/, 'meson'],
  [/^(GNUm|m|M)akefile$/, 'make'],
]

/** How a source is built, by the names of the files at its top. */
export function buildSystem(files: readonly string[]): NonNullable<NewPackage['system']> {
  const [, system] = SIGNS.find(([sign]) => files.some((file) => sign.test(file))) ?? []
  return system ?? 'script'
}
