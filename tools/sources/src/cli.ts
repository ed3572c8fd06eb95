import { guard, interruptible } from '@boot2podman/kit'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { fetchSource, pinSource, unpackSource } from './index.ts'

const VERBS = new Map([
  ['fetch', fetchSource],
  ['pin', pinSource],
])

const USAGE = `Usage: node tools/sources/src/cli.ts fetch|pin NAME
       node tools/sources/src/cli.ts unpack NAME FOLDER

Run in the repository's root.

  fetch   has a package's source in the cache, as its tcz.lock says
  pin     moves its pin to what there is now: writes tcz.lock
  unpack  lays its source out in a folder, without the recipe's patches: to build it elsewhere`

await guard(async () => {
  const [verb = '', name = '', folder = '', ...more] = process.argv.slice(2)
  const work = VERBS.get(verb)
  const isUnpack = verb === 'unpack'
  if ((work === undefined && !isUnpack) || name === '' || isUnpack === (folder === '') || more.length > 0) {
    console.log(USAGE)
    process.exitCode = verb === 'help' || verb === '--help' ? 0 : 2
    return
  }
  const root = process.cwd()
  const pkg = findPackage(readRepository(root), name)
  await interruptible(`${name}: stopped; the next run goes on from here`, async (signal) => {
    const activity = { say: console.log, signal }
    if (isUnpack) await unpackSource(root, pkg, folder, activity)
    else await work?.(root, pkg, activity)
  })
})
