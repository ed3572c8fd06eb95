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
