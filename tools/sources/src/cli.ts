import { resolve } from 'node:path'
import { guard, interruptible } from '@boot2podman/kit'
import { findPackage, type Package, readRepository } from '@boot2podman/tcz'
import { goCommand } from './go-command.ts'
import { type Activity, fetchSource, pinSource, unpackSource } from './index.ts'
import { ageOf, newestVersion } from './newest.ts'

interface Verb {
  /** How many words follow the name. */
  words: (count: number) => boolean
  work: (root: string, pkg: Package, activity: Required<Activity>, words: string[]) => Promise<void>
}

const none = (count: number) => count === 0

const VERBS = new Map<string, Verb>([
  ['fetch', { words: none, work: fetchSource }],
  ['pin', { words: none, work: pinSource }],
  [
    'unpack',
    {
      words: (count) => count === 1,
      work: (root, pkg, activity, [folder = '']) => unpackSource(root, pkg, resolve(folder), activity),
    },
  ],
  [
    'age',
    {
      words: none,
      work: async (root, pkg, activity) => {
        console.log(JSON.stringify(await ageOf(root, pkg, { ...activity, say: console.error })))
      },
    },
  ],
  [
    'newest',
    {
      words: none,
      work: async (root, pkg, activity) => {
        const job = { root, pkg, source: pkg.source, ...activity, say: console.error }
        console.log(await newestVersion(job))
      },
    },
  ],
  [
    'go',
    {
      words: (count) => count > 0,
      work: async (root, pkg, activity, words) => {
        const job = { root, pkg, source: pkg.source, ...activity }
        await goCommand(job, words, console.log)
      },
    },
  ],
])

const USAGE = `Usage: node tools/sources/src/cli.ts VERB NAME

Run in the repository's root.

  fetch            has a package's source in the cache, as its tcz.lock says
  pin              moves its pin to what there is now: writes tcz.lock
  unpack           lays its source out in the folder that is named behind it
  age, newest      tells what the source has now, beside the pin or alone
  go               runs the pinned Go, with the words behind it, in the recipe's folder`

await guard(async () => {
  const [name = '', pkgName = '', ...words] = process.argv.slice(2)
  const verb = VERBS.get(name)
  if (verb === undefined || pkgName === '' || !verb.words(words.length)) {
    console.log(USAGE)
    process.exitCode = name === 'help' || name === '--help' ? 0 : 2
    return
  }
  const root = process.cwd()
  const pkg = findPackage(readRepository(root), pkgName)
  await interruptible(`${pkgName}: stopped; the next run goes on from here`, (signal) =>
    verb.work(root, pkg, { say: console.log, signal }, words),
  )
})
