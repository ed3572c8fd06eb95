import { expect, test } from 'vitest'
import { moduleOf } from './go-module.ts'

const GO_MOD = `module boot2podman.local/x

require example.org/a v1.0.0

require (
	example.org/a/b v1.2.0 // indirect
	example.org/ab v1.0.0 // indirect
)
`

test('the longest module that the path begins with', () => {
  expect(moduleOf('example.org/a/cmd/x', GO_MOD)).toBe('example.org/a')
  expect(moduleOf('example.org/a/b/cmd/x', GO_MOD)).toBe('example.org/a/b')
  expect(moduleOf('example.org/ab', GO_MOD)).toBe('example.org/ab')
  expect(moduleOf('example.org/c', GO_MOD)).toBeUndefined()
})
