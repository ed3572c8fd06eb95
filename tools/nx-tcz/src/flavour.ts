import { Problem } from '@boot2podman/kit'
import { type FlavourFile, mergeFlavours, type Repository, readFlavourFiles } from '@boot2podman/tcz'

/** An image that can be built: `iso/NAME.json`, as far as the graph needs it. */
export interface Flavour {
  name: string
  /** Relative to the repository's root. */
  file: string
  /** The images that it extends. */
  bases: { name: string; file: string }[]
  /** The packages that are extensions on it. */
  extensions: string[]
  /** All that it takes files from: extensions, kernel, initramfs, boot loader. */
  packages: string[]
  /** For each of those the file that names it: its own, or a base's. */
  namedIn: ReadonlyMap<string, string>
}

/**
 * Reads `iso/NAME.json` and what it extends. What is no JSON, or names what is no package, is a Problem; whether it is all
 * there and in its form is the image tool's to say, when it is built.
 */
export function readFlavour(root: string, name: string, packages: Repository): Flavour {
  const files = readFlavourFiles(root, name)
  const troubles = files.flatMap(({ value, at }) =>
    parts(value)
      .filter((part) => !packages.has(part.name))
      .map((part) => ({ where: at(part.path), what: `there is no package "${part.name}"` })),
  )
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
  const merged = mergeFlavours(files)
  const bases = files.slice(0, -1).map((base) => ({ name: base.name, file: base.file }))
  const namedIn = files.flatMap(({ value, file }) => parts(value).map((part) => [part.name, file] as const))
  return {
    name,
    file: files.at(-1)?.file ?? '',
    bases,
    extensions: parts({ extensions: merged.extensions }).map((part) => part.name),
    packages: parts(merged).map((part) => part.name),
    namedIn: new Map(namedIn),
  }
}

/** The packages that are named, and where. */
function parts({ extensions, kernel, initramfs, bootloader }: FlavourFile['value']) {
  const listed: [unknown, (string | number)[]][] = [extensions]
    .flat()
    .map((name, index) => [name, ['extensions', index]])
  const named: [unknown, string[]][] = Object.entries({ kernel, initramfs, bootloader }).map(
    ([key, name]) => [name, [key]],
  )
  return [...listed, ...named].flatMap(([name, path]) => (typeof name === 'string' ? [{ name, path }] : []))
}
