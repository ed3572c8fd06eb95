import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { expect, test } from 'vitest'
import { formatMd5, formatSha256 } from './checksums.ts'

test("md5sum's and sha256sum's own words", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tcz-'))
  await writeFile(join(folder, 'conmon.tcz'), 'content')
  const hex = (kind: string) => createHash(kind).update('content').digest('hex')
  expect(formatMd5('conmon', hex('md5'))).toBe(await run('md5sum', ['conmon.tcz'], { cwd: folder }))
  expect(formatSha256('conmon', hex('sha256'))).toBe(await run('sha256sum', ['conmon.tcz'], { cwd: folder }))
  await rm(folder, { recursive: true })
})
