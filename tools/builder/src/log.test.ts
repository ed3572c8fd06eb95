import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLog } from './log.ts'

test('a log has each line at once, and begins anew the next time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'log-'))
  const file = join(folder, 'deep/a.log')
  for (const text of ['one', 'two']) {
    using log = openLog(file)
    log.line(text)
    expect(await readFile(file, 'utf8')).toBe(`${text}\n`)
  }
  await rm(folder, { recursive: true })
})
