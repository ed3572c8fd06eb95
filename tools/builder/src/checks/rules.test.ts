import type { Package } from '@boot2podman/tcz'
import { expect, test } from 'vitest'
import { parseElf } from '../elf.ts'
import type { Entry } from '../tree.ts'
import { checkRules } from './index.ts'

const pkg = { name: 'some', folder: 'packages/some', source: { local: '.' } } as Package
const toolchain = { ...pkg, source: { deb: ['gcc'] }, tags: ['compiler'] } as Package

const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  path,
  type: 'file',
  mode: 0o644,
  ...more,
})

const verdict = (one: Package, ...entries: Entry[]) => {
  try {
    checkRules({
      pkg: one,
      entries,
      elfs: [],
      owners: [{ path: 'usr/bin/sudo', uid: 0, gid: 0, mode: '4755' }],
    })
    return 'good'
  } catch (error) {
    return String(error)
  }
}

test.each([
  ['a file in usr', entry('usr/bin/some')],
  ['a link into usr', entry('lib', { type: 'link', mode: 0o777, target: 'usr/lib' })],
  ['a link to another package', entry('usr/bin/sh', { type: 'link', mode: 0o777, target: 'busybox' })],
  ['a place for a mount', entry('proc', { type: 'folder', mode: 0o555 })],
  ['a folder with a sticky bit', entry('var/tmp', { type: 'folder', mode: 0o1777 })],
  ['a set-uid program that rootfs.owners names', entry('usr/bin/sudo', { mode: 0o4755 })],
])('%s is good', (_, one) => {
  expect(verdict(pkg, one)).toBe('good')
})

test.each([
  [
    'a folder that hides a link',
    entry('lib/some', {}),
    entry('lib', { type: 'folder', mode: 0o755 }),
    'is no link into usr',
  ],
  ['an unknown place', entry('data', { type: 'folder', mode: 0o755 }), undefined, 'is no place for files'],
  ['a file where others mount', entry('proc/some'), undefined, 'a machine mounts'],
  [
    'a link that leaves',
    entry('usr/x', { type: 'link', target: '../../x' }),
    undefined,
    'leaves the package',
  ],
  [
    'a link to the build',
    entry('usr/x', { type: 'link', target: '/build/out/x' }),
    undefined,
    'names the build folder',
  ],
  ['a page of a manual', entry('usr/share/man/man1/some.1'), undefined, 'is of no use'],
  ['a static library', entry('usr/lib/libsome.a'), undefined, 'make a package some-dev'],
  ['a set-gid program', entry('usr/bin/x', { mode: 0o2755 }), undefined, 'has the mode 2755'],
  ['a file for everybody', entry('etc/x', { mode: 0o666 }), undefined, 'mode 666'],
  ['a line break in a name', entry('usr/a\nb'), undefined, 'is not plain UTF-8'],
])('%s is refused', (_, one, other, what) => {
  expect(verdict(pkg, one, ...(other ? [other] : []))).toContain(what)
})

test('what is of use in a build is in a -dev package, and in a toolchain', () => {
  const header = entry('usr/include/some.h')
  expect(verdict(pkg, header)).toContain('some-dev')
  expect(verdict({ ...pkg, name: 'some-dev' }, header)).toBe('good')
  expect(verdict(toolchain, header, entry('usr/share/man/man1/gcc.1'))).toBe('good')
  expect(verdict(toolchain, entry('usr/bin/su', { mode: 0o4755 }))).toContain('set-uid')
})

test('a program that is bound to an address is refused, unless it is written in Go', () => {
  // What readelf prints of both, shortened.
  const bound = (sections: string) =>
    parseElf(`usr/bin/some
  Type:                              EXEC (Executable file)
  GNU_RELRO      0x2a2fd48 0x0000000002e30d48 0x0000000002e30d48 0x0002b8 0x0002b8 R   0x1
  GNU_STACK      0x000000 0x0000000000000000 0x0000000000000000 0x000000 0x000000 RW  0x10
   02     .interp .note.gnu.build-id ${sections} .gnu.hash .dynsym`)
  const check = (sections: string) => () => {
    checkRules({ pkg, entries: [], elfs: [bound(sections)], owners: [] })
  }
  expect(check('.note.go.buildid')).not.toThrow()
  expect(check('.note.ABI-tag')).toThrow('usr/bin/some in some.tcz is not position-independent (PIE)')
})
