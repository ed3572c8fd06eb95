import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const tools = [...readdirSync(join(root, 'tools')).map((name) => `tools/${name}`), 'test']

test.each(tools)('what %s imports is what its package.json names', (tool) => {
  const { name, dependencies } = JSON.parse(readFileSync(join(root, tool, 'package.json'), 'utf8'))
  const imported = readdirSync(join(root, tool, 'src'), { recursive: true, encoding: 'utf8' })
    // What only tests use is the repository's own, not the tool's.
    .filter((file) => file.endsWith('.ts') && (tool === 'test' || !/\.test\.ts$|fixture/.test(file)))
    .flatMap((file) => [...readFileSync(join(root, tool, 'src', file), 'utf8').matchAll(IMPORT)])
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !/^(node:|\.)/.test(specifier))
    .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'))
    .filter((specifier) => specifier !== 'vitest' && specifier !== name)
  expect(Object.keys(dependencies ?? {}).sort()).toEqual([...new Set(imported)].sort())
})

const IMPORT = /(?:\bfrom |^import |\bimport\()'([^']+)'/gm

// A mirror that lacks the binaries of other machines leaves them out of the lock file, and then `npm ci` refuses it.
test('package-lock.json has every optional package, those of other machines too', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const places = new Set(Object.keys(packages))
  const missing = Object.entries<{ optionalDependencies?: Record<string, string> }>(packages).flatMap(
    ([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !places.has(`${place}/node_modules/${name}`) && !places.has(`node_modules/${name}`),
      ),
  )
  expect(missing).toEqual([])
})
