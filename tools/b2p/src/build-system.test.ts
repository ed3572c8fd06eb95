import { expect, test } from 'vitest'
import { buildSystem } from './build-system.ts'

test.each([
  [['README', 'Makefile', 'configure'], 'autotools'],
  [['configure.ac', 'src'], 'autotools'],
  [['Makefile', 'meson.build'], 'meson'],
  [['makefile', 'main.c'], 'make'],
  [['main.c'], 'script'],
])('%j is built by %s', (files, system) => {
  expect(buildSystem(files)).toBe(system)
})
