import { Problem } from '@boot2podman/kit'

/** A crate out of a registry, as Cargo.lock names it. */
export interface Crate {
  name: string
  version: string
  /** Of its `.crate` file, hexadecimal. */
  sha256: string
}

/** The crates that a `Cargo.lock` takes from a registry. One from elsewhere is a Problem of the recipe in this folder. */
export function parseCargoLock(text: string, folder: string): Crate[] {
  return text
    .split('[[package]]')
    .slice(1)
    .flatMap((block) => {
      const field = (key: string) => new RegExp(`^${key} = "(.*)"$`, 'm').exec(block)?.[1]
      const [name = '', version = '', source, sha256] = ['name', 'version', 'source', 'checksum'].map(field)
      if (source === undefined) return []
      if (source.startsWith('registry+') && sha256) return [{ name, version, sha256 }]
      throw new Problem({
        where: folder,
        what: `its crate needs ${name} ${version} from ${source}, not from a registry`,
      })
    })
}
