import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../../tools/b2p/src/commands.ts'
import { goCommand } from '../../tools/sources/src/go-command.ts'
import { type Package, readRepository } from '../../tools/tcz/src/index.ts'

const root = join(import.meta.dirname, '../..')
const workflows = globSync('.github/workflows/*.yml', { cwd: root })

test('actionlint has nothing to say of the workflows', async () => {
  const some = readRepository(root).get('go') as Package
  // Not a package, but built as one: by the pinned Go, of pinned modules.
  const pkg = { ...some, folder: 'test/actionlint' }
  const job = { root, pkg, source: pkg.source, say: () => {}, signal: undefined }
  expect(workflows).toHaveLength(2)
  const files = workflows.map((file) => join(root, file))
  expect(await goCommand(job, ['tool', 'actionlint', '-shellcheck=', ...files])).toBe('')
})

test('what they call is there', () => {
  const verbs = workflows
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/\.\/b2p ([\w-]+)/g)].map(([, verb = '']) => verb))
  expect(verbs.length).toBeGreaterThan(5)
  expect(verbs.filter((verb) => verb !== 'help' && !commands.has(verb))).toEqual([])
})
