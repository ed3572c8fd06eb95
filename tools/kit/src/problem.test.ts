import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { Problem } from './problem.ts'

test('a problem says where, what, and the way out on a line of its own', () => {
  const problem = new Problem({
    where: 'packages/conmon',
    what: 'Debian no longer holds conmon 2.1.13',
    fix: 'it has 2.1.14; to move the pin:\n./b2p pin conmon',
  })
  expect(problem.message).toBe(`packages/conmon: Debian no longer holds conmon 2.1.13
  it has 2.1.14; to move the pin:
  ./b2p pin conmon`)
})

test('all that was found is told at once', () => {
  const problem = new Problem({ where: 'a', what: 'is bad' }, { where: 'b', what: 'is worse' })
  expect(problem.message).toBe('a: is bad\nb: is worse')
  expect(problem.troubles).toHaveLength(2)
})

/** What a program does whose main function is this text. */
function program(main: string) {
  const kit = join(import.meta.dirname, 'index.ts')
  const text = `import { guard, Problem } from '${kit}'\nawait guard(async () => { ${main} })`
  return execa(process.execPath, ['--input-type=module-typescript', '--eval', text], { reject: false })
}

test('guard: a problem is printed without a stack and ends with exit code 1', async () => {
  const { exitCode, stderr } = await program(`throw new Problem({ where: 'here', what: 'is a mistake' })`)
  expect(exitCode).toBe(1)
  expect(stderr).toBe('here: is a mistake')
})

test('guard: a bug shows its stack', async () => {
  const { exitCode, stderr } = await program(`throw new TypeError('ours')`)
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/TypeError: ours\n\s+at /)
})

test('guard: what goes well ends with 0', async () => {
  expect((await program('')).exitCode).toBe(0)
})
