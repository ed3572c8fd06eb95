import { run } from '@boot2podman/kit'
import { findPackage, isPinned, type Package, type Repository, readRepository } from '@boot2podman/tcz'
import { columns } from '../columns.ts'
import { type Command, onlyWords } from '../command.ts'

/** What `age` of tools/sources tells. */
interface Age {
  name: string
  pinned: string
  newest?: string
  note?: string
}

// Each asks a mirror and waits.
const AT_ONCE = 6

export const outdated: Command = {
  usage: 'outdated [NAME...]',
  does: 'Compare the pins with what their sources have now',
  more: `Of all packages when none is named; nothing is changed. To move a pin: ./b2p pin NAME. For a crate put the version
into tcz.json first; for Go: node tools/sources/src/cli.ts go NAME get -tool PATH@latest`,
  examples: ['./b2p outdated', './b2p outdated conmon runc'],
  async run(words) {
    onlyWords(outdated, words)
    const packages = readRepository('.')
    const names =
      words.length > 0 ? words.map((word) => findPackage(packages, word).name) : [...packages.keys()].sort()
    // What lies in the tree has no pin.
    const asked =
      words.length > 0 ? names : names.filter((name) => !('local' in (packages.get(name)?.source ?? {})))
    const ages = await all(asked, packages)
    const old = ages.filter(({ newest, pinned, note }) => note !== undefined || newest !== pinned)
    if (old.length > 0) console.log(`${columns([['package', 'pinned', 'there', ''], ...old.map(row)])}\n`)
    console.log(`${old.length} of ${ages.length} packages have something to look at.`)
  },
}

function row({ name, pinned, newest, note }: Age): string[] {
  return [name, pinned, newest ?? '-', note ?? '']
}

/** In the order of the names, a few at once. One that cannot be asked says why in its line. */
async function all(names: readonly string[], packages: Repository): Promise<Age[]> {
  const found = new Map<string, Age>()
  const waiting = [...names]
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      found.set(name, await ageOf(findPackage(packages, name)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return names.flatMap((name) => found.get(name) ?? [])
}

async function ageOf(one: Package): Promise<Age> {
  const { name } = one
  if (!isPinned('.', one)) return { name, pinned: 'unpinned', note: `./b2p pin ${name}` }
  try {
    return JSON.parse(await run(process.execPath, ['tools/sources/src/cli.ts', 'age', name]))
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return { name, pinned: '?', note: said.trim().split('\n').at(-1)?.trim() ?? '' }
  }
}
