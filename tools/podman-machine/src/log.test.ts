import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { follow, tail } from './log.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'))
  file = join(folder, 'console.log')
})
afterEach(() => rm(folder, { recursive: true }))

test('all of it, or the last lines', async () => {
  expect(await tail(file)).toBeUndefined()
  await writeFile(file, '1\n2\n3\n')
  const last = async (lines?: number) => Buffer.from((await tail(file, lines))?.text ?? '-').toString()
  expect([await last(), await last(0), await last(1), await last(2), await last(3), await last(9)]).toEqual([
    ...['1\n2\n3\n', '', '3\n', '2\n3\n', '1\n2\n3\n', '1\n2\n3\n'],
  ])
  await appendFile(file, 'no end')
  expect(await last(2)).toBe('3\nno end')
  await writeFile(file, '\n\n')
  expect([await last(1), await last(2), await last(3)]).toEqual(['\n', '\n\n', '\n\n'])
})

test('it goes on with what is added, and with a file that takes its place', async () => {
  await writeFile(file, 'one\n')
  const stop = new AbortController()
  let seen = ''
  const end = (await tail(file))?.end ?? { inode: 0, offset: 0 }
  const following = follow(file, end, (text) => (seen += Buffer.from(text)), stop.signal)
  await appendFile(file, 'two\n')
  await expect.poll(() => seen).toBe('two\n')
  await rename(file, `${file}.1`)
  await writeFile(file, 'a longer line of the next run\n')
  await expect.poll(() => seen).toBe('two\na longer line of the next run\n')
  stop.abort()
  await following
})
