import { expect, test } from 'vitest'
import { formatTree } from './tree.ts'

const DEPS: Record<string, string[]> = {
  podman: ['conmon', 'crun', 'zlib'],
  conmon: ['glib2'],
  crun: ['glib2'],
  glib2: ['zlib'],
}

test('depth first, 3 spaces a level, repeated where needed again, an empty line at the end', () => {
  expect(formatTree('podman', (name) => DEPS[name] ?? [])).toBe(`podman.tcz
   conmon.tcz
      glib2.tcz
         zlib.tcz
   crun.tcz
      glib2.tcz
         zlib.tcz
   zlib.tcz

`)
})

test('a package that needs nothing', () => {
  expect(formatTree('zlib', () => [])).toBe('zlib.tcz\n\n')
})
