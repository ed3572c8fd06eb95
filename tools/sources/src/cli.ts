import { guard, interruptible } from '@boot2podman/kit'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { fetchSource, pinSource } from './index.ts'

const VERBS = new Map([
  ['fetch', fetchSource],
  ['pin', pinSource],
])

const USAGE = `Usage: node tools/sources/src/cli.ts fetch|pin NAME

Run in the repository's root.

  fetch   has a package's source in the cache, as its tcz.lock says
  pin     moves its pin to what there is now: writes tcz.lock`

await guard(async () => {
  const [verb = '', name = '', ...more] = process.argv.slice(2)
  const work = VERBS.get(verb)
  if (work === undefined || name === '' || more.length > 0) {
    console.log(USAGE)
    process.exitCode = verb === 'help' || verb === '--help' ? 0 : 2
    return
  }
  const root = process.cwd()
  const pkg = findPackage(readRepository(root), name)
  await interruptible(`${name}: stopped; the next run goes on from here`, (signal) =>
    work(root, pkg, { say: console.log, signal }),
  )
})
