import { globSync } from 'node:fs'
import { build } from '../build.ts'
import { type Command, mistake, onlyWords } from '../command.ts'
import { addUp, type Count, formatCount } from '../count.ts'
import { DEFAULT } from '../image.ts'
import { ourStep, step, vitest } from '../test-step.ts'
import { buildIso } from './iso.ts'

export const test: Command = {
  usage: 'test [unit | scenarios [WORD...]]',
  does: 'Run the tests: lint, types, unit tests, then scenarios on the booted image',
  more: `unit takes all but the scenarios; scenarios takes them alone, those whose file has a WORD in its name.
The image is built first. A scenario that fails leaves its serial log and the line to boot that very machine.
The last line is always "N passed, N failed".`,
  examples: ['./b2p test', './b2p test unit', './b2p test scenarios memory'],
  async run(words) {
    onlyWords(test, words)
    const [part, ...names] = words
    if (part !== undefined && part !== 'unit' && part !== 'scenarios') {
      throw mistake(test, `"${part}" is neither unit nor scenarios`)
    }
    if (part === 'unit' && names.length > 0) throw mistake(test, `"${names.join(' ')}" is too much`)
    const count = addUp([
      ...(part === 'scenarios' ? [] : await units()),
      ...(part === 'unit' ? [] : await scenarios(names)),
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
  try {
    await buildIso(DEFAULT)
    // One of them packs an extension in the machine.
    await build('squashfs-tools', 'check')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return [{ passed: 0, failed: 1 }]
  }
  return [await vitest('Scenarios', 'test', names)]
}
