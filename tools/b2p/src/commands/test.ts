import { globSync } from 'node:fs'
import { build } from '../build.ts'
import { type Command, mistake, withOptions } from '../command.ts'
import { addUp, type Count, formatCount } from '../count.ts'
import { DEFAULT, findImage } from '../image.ts'
import { haveEverPassed, notePassed, tested, whenPassed } from '../passed.ts'
import { ourStep, step, vitest } from '../test-step.ts'
import { buildIso } from './iso.ts'

const KUBERNETES = `${DEFAULT}-kubernetes`
const PARTS = ['unit', 'scenarios', 'kubernetes']

export const test: Command = {
  usage: 'test [PART [WORD...]]',
  does: 'Run the tests: lint, types, unit tests, then scenarios on the booted images',
  more: `PART unit takes all but the scenarios; scenarios those on the image ${DEFAULT}, kubernetes those on
${KUBERNETES}; of these with a WORD those whose file has it in its name.
Images are built first. A scenario that fails leaves its serial log and the line to boot that very machine.
The last line is always "N passed, N failed".

  --changed   of kubernetes: only when they have not passed on this machine with this very image and these tests.
              Without a part it is so always; and on a machine where none have passed yet they are left out.`,
  examples: [
    './b2p test',
    './b2p test unit',
    './b2p test scenarios memory',
    './b2p test kubernetes --changed',
  ],
  async run(words) {
    const parsed = withOptions(test, words, { changed: { type: 'boolean' } })
    const [part, ...names] = parsed.words
    const { changed = false } = parsed.options
    if (part !== undefined && !PARTS.includes(part)) {
      throw mistake(test, `"${part}" is none of ${PARTS.join(', ')}`)
    }
    if (part === 'unit' && names.length > 0) throw mistake(test, `"${names.join(' ')}" is too much`)
    if (changed && (part !== 'kubernetes' || names.length > 0)) {
      throw mistake(test, '--changed is for kubernetes, as a whole')
    }
    const wanted = (one: string) => part === undefined || part === one
    const count = addUp([
      ...(wanted('unit') ? await units() : []),
      ...(wanted('scenarios') ? await scenarios(names) : []),
      ...(wanted('kubernetes') ? await kubernetes(names, changed, part === undefined) : []),
    ])
    if (count.failed > 0) process.exitCode = 1
    console.log(formatCount(count))
  },
}

async function units(): Promise<Count[]> {
  const counts = [
    await ourStep('Lint and format', 'biome', ['check', '--error-on-warnings', '.']),
    await ourStep('Types', 'tsc', ['-p', 'tsconfig.json']),
    await vitest('Unit tests', '.', []),
  ]
  // A recipe's own scripts are tested by scripts.
  for (const script of globSync('{kernel,packages/*}/*.test.sh'))
    counts.push(await step(script, 'sh', ['-eu', script]))
  return counts
}

async function scenarios(names: string[]): Promise<Count[]> {
  return await onImage(async () => {
    await buildIso(DEFAULT)
    // In no image, and loaded by scenarios, which must not build while another one reads dist/tcz.
    for (const name of ['git', 'squashfs-tools', 'tce-container', 'tcz-build']) await build(name, 'check')
    return await vitest('Scenarios', 'test', names)
  })
}

async function kubernetes(names: string[], onlyIfChanged: boolean, amongAll: boolean): Promise<Count[]> {
  const title = 'Scenarios of Kubernetes'
  // From nothing, to compile Kubernetes and to wait for emulated clusters takes half an hour more.
  if (amongAll && !haveEverPassed()) {
    console.log(`\n== ${title}: not run, they have never passed on this machine: ./b2p test kubernetes`)
    return []
  }
  return await onImage(async () => {
    await buildIso(findImage('.', KUBERNETES))
    const what = await tested(KUBERNETES)
    const when = whenPassed(what)
    if ((onlyIfChanged || amongAll) && when) {
      console.log(`\n== ${title}: not run, they passed with this very image on ${when.toISOString()}`)
      return undefined
    }
    const why = when ? '' : ', which have not passed yet with this image and these tests'
    const count = await vitest(`${title}${why}`, 'test', names, 'kubernetes.config.ts')
    if (names.length === 0 && count.failed === 0) await notePassed(what)
    return count
  })
}

/** An image that cannot be built is a failure of its scenarios. */
async function onImage(work: () => Promise<Count | undefined>): Promise<Count[]> {
  try {
    return [(await work()) ?? { passed: 0, failed: 0 }]
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return [{ passed: 0, failed: 1 }]
  }
}
