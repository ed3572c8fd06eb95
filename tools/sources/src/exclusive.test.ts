import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { exclusive } from './exclusive.ts'
import { testFolder } from './fixture.ts'

const lockFile = () => join(testFolder(), 'lock')

test('two that use one lock do not overlap', async () => {
  const file = lockFile()
  const steps: string[] = []
  const work = (name: string) =>
    exclusive(file, undefined, async () => {
      steps.push(`${name} begins`)
      await setTimeout(50)
      steps.push(`${name} ends`)
    })
  await Promise.all([work('a'), work('b')])
  expect(steps.map((step) => step.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends'])
  expect(existsSync(file)).toBe(false)
})

test('the lock of a process that has ended is void', async () => {
  const file = lockFile()
  // Above every process number that Linux gives.
  writeFileSync(file, '99999999')
  expect(await exclusive(file, undefined, async () => 'done')).toBe('done')
})
