import { Problem } from '@boot2podman/kit'

/** The newest version of a crate, as the index of crates.io has it. `where` is the folder of the package that asks. */
export async function newestCrate(name: string, where: string): Promise<string> {
  const answer = await fetch(`https://index.crates.io/${indexPath(name.toLowerCase())}`)
  if (!answer.ok) {
    throw new Problem({
      where,
      what: `crates.io has no crate "${name}": it answers ${answer.status}`,
    })
  }
  const version = newestOf(await answer.text())
  if (version !== undefined) return version
  throw new Problem({ where, what: `all versions of the crate "${name}" are withdrawn` })
}

/** Where the index of crates.io keeps a crate: by its first letters, so that no folder becomes too large. */
export function indexPath(name: string): string {
  if (name.length <= 3) return [name.length, ...(name.length === 3 ? [name[0]] : []), name].join('/')
  return [name.slice(0, 2), name.slice(2, 4), name].join('/')
}

/** The last version in a crate's index, a line of JSON each, that is neither withdrawn nor a foretaste. */
export function newestOf(index: string): string | undefined {
  const versions = index
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { vers: string; yanked: boolean })
    .filter(({ vers, yanked }) => !yanked && !vers.includes('-'))
    .map(({ vers }) => vers)
  return versions.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1)
}
