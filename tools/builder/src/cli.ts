import { guard, Problem } from '@boot2podman/kit'
import { readRepository } from '@boot2podman/tcz'
import { build } from './build.ts'
import { check } from './check.ts'
import { explainFullDisk } from './disk-full.ts'
import { pack } from './pack.ts'

const STEPS = new Map([
  ['build', build],
  ['tcz', pack],
  ['check', check],
])

const USAGE = `Usage: node tools/builder/src/cli.ts build|tcz|check NAME

Run in the repository's root. Each step takes what the one before has made:

  build   source, patches and build.sh to dist/build/NAME.tar
  tcz     rules, then dist/tcz/NAME.tcz and its side files
  check   what it calls for is in its closure; check.sh runs there`

const stop = new AbortController()
// Listeners stay: execa ends this process at once when it finds itself the only one that listens.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())

await guard(async () => {
  const [verb = '', name = '', ...more] = process.argv.slice(2)
  const step = STEPS.get(verb)
  if (step === undefined || name === '' || more.length > 0) {
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
    const task = { root, repository, pkg, say: console.log, signal: stop.signal }
    await explainFullDisk(root, () => step(task))
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.error(`${name}: stopped; the next run goes on from here`)
    process.exitCode = 130
  }
})
