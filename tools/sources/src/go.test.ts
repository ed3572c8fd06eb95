import { join } from 'node:path'
import { writeAtomic } from '@boot2podman/kit'
import { expect, test } from 'vitest'
import { Workplace } from './fixture.ts'
import { parseRequired } from './go.ts'
import { fetchSource } from './index.ts'

test('the version is the one that go.mod asks for', () => {
  const text =
    'module x\n\nrequire example.test/one v1.2.3\n\nrequire (\n\texample.test/two/v2 v2.0.0 // indirect\n)\n'
  expect(parseRequired(text, 'example.test/one')).toBe('1.2.3')
  expect(parseRequired(text, 'example.test/two/v2')).toBe('2.0.0')
  expect(parseRequired(text, 'example.test/two')).toBeUndefined()
})

test('a go.mod that was changed since it was pinned is told', async () => {
  const work = new Workplace()
  const pkg = await work.recipe({ go: 'example.test/one' })
  const locked = { name: 'go.mod', version: '1.0', sha256: 'a'.repeat(64) }
  await writeAtomic(join(work.root, pkg.folder, 'tcz.lock'), JSON.stringify({ files: [locked] }))
  await writeAtomic(join(work.root, pkg.folder, 'go.mod'), 'module x\n')
  await expect(fetchSource(work.root, pkg)).rejects.toThrow(
    'packages/hello/go.mod: it was changed since it was pinned',
  )
})
