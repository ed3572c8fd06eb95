import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mergeFlavours, readFlavourFiles } from '../../../tools/tcz/src/index.ts'
import { boot } from '../machines.ts'

const ROOT = join(import.meta.dirname, '../../..')

test('it is the default image and more: all extensions of both are loaded, and Podman runs', async () => {
  await using machine = await boot({ memory: 1024 })
  const loaded = (await machine.run('cat /run/extensions')).trim().split('\n')
  const files = readFlavourFiles(ROOT, 'boot2podman-kubernetes')
  expect(files.map(({ name }) => name)).toEqual(['boot2podman', 'boot2podman-kubernetes'])
  const { extensions } = mergeFlavours(files)
  expect(loaded).toEqual(expect.arrayContaining(extensions as string[]))
  expect(await machine.run('podman --version')).toMatch(/^podman version /)
})
