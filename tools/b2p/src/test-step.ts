import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { type Count, countReport } from './count.ts'

/** Runs a program as one test. It writes to the terminal itself. */
export async function step(title: string, program: string, args: string[]): Promise<Count> {
  return (await goesWell(title, program, args)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Runs a program of node_modules so, by our own Node: its first line would take any that this machine has. */
export async function ourStep(title: string, program: string, args: string[]): Promise<Count> {
  return step(title, process.execPath, [join('node_modules/.bin', program), ...args])
}

/** Runs the tests of a folder's configuration, or those whose files have one of the words in their names. */
export async function vitest(
  title: string,
  root: string,
  words: string[],
  config = 'vitest.config.ts',
): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-test-'))
  try {
    const file = join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${file}`]
    const args = [
      'node_modules/.bin/vitest',
      'run',
      '--root',
      root,
      '--config',
      config,
      ...reporters,
      ...words,
    ]
    const well = await goesWell(title, process.execPath, args)
    const report = await readFile(file, 'utf8').catch(() => undefined)
    return countReport(report === undefined ? undefined : JSON.parse(report), well ? 'well' : 'badly')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function goesWell(title: string, program: string, args: string[]): Promise<boolean> {
  console.log(`\n== ${title}`)
  try {
    await run(program, args, { inherit: true })
    return true
  } catch {
    // It has said why.
    return false
  }
}
