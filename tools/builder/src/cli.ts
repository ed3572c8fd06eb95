import { guard, interruptible } from '@boot2podman/kit'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { build } from './build.ts'
import { check } from './check.ts'
import { explainFullDisk } from './disk-full.ts'
import { pack } from './pack.ts'
import { mksquashfs } from './packer.ts'
import type { Task } from './task.ts'

const STEPS = new Map([
  ['build', build],
  // How the pinned mksquashfs is found changes no byte, its pin does: that one is an input of this step, in tools/nx-tcz.
  ['tcz', async (task: Task) => pack({ ...task, mksquashfs: await mksquashfs(task) })],
  ['check', check],
])

const USAGE = `Usage: node tools/builder/src/cli.ts build|tcz|check NAME

Run in the repository's root. Each step takes what the one before has made:

  build   source, patches and build.sh to dist/build/NAME.tar
  tcz     rules, then dist/tcz/NAME.tcz and its side files
  check   what it calls for is in its closure; check.sh runs there`

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
  const pkg = findPackage(repository, name)
  await interruptible(`${name}: stopped; the next run goes on from here`, async (signal) => {
    const task = { root, repository, pkg, say: console.log, signal }
    await explainFullDisk(root, () => step(task))
  })
})
