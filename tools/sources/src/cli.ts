import { guard, Problem } from '@boot2podman/kit'
import { readRepository } from '@boot2podman/tcz'
import { fetchSource, pinSource } from './index.ts'

const VERBS = new Map([
  ['fetch', fetchSource],
  ['pin', pinSource],
])

const USAGE = `Usage: node tools/sources/src/cli.ts fetch|pin NAME

Run in the repository's root.

  fetch   has a package's source in the cache, as its tcz.lock says
  pin     moves its pin to what there is now: writes tcz.lock`

const stop = new AbortController()
// Listeners stay: execa ends this process at once when it finds itself the only one that listens.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())

await guard(async () => {
  const [verb = '', name = '', ...more] = process.argv.slice(2)
  const work = VERBS.get(verb)
  if (work === undefined || name === '' || more.length > 0) {
    console.log(USAGE)
    process.exitCode = verb === 'help' || verb === '--help' ? 0 : 2
    return
  }
  const root = process.cwd()
  const repository = readRepository(root)
  const pkg = repository.get(name)
  if (pkg === undefined) {
    const fix = `there are: ${[...repository.keys()].join(' ')}`
    throw new Problem({ where: root, what: `there is no package "${name}"`, fix })
  }
  try {
    await work(root, pkg, { say: console.log, signal: stop.signal })
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.error(`${name}: stopped; the next run goes on from here`)
    process.exitCode = 130
  }
})
