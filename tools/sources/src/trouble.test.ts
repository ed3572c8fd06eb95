import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { clear } from './trouble.ts'

test('a full disk is told with the way out', async () => {
  const work = () => writeFile('/dev/full', 'x')
  await expect(clear('packages/x', work)).rejects.toThrow(
    /the disk is full: the source of packages\/x.*\n.*make room/,
  )
})
