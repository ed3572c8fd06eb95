import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Workplace } from './fixture.ts'
import { temporaryFolder } from './temporary.ts'

test('a temporary folder goes at the end of its block, what killed processes left goes too', async () => {
  const part = join(new Workplace().root, 'cache/sources/part')
  // Above every process number that Linux gives.
  const left = join(part, '99999999-left')
  mkdirSync(left, { recursive: true })
  let path: string
  {
    await using folder = await temporaryFolder()
    path = folder.path
    expect(existsSync(path)).toBe(true)
    expect(existsSync(left)).toBe(false)
  }
  expect(existsSync(path)).toBe(false)
})
