import { expect, test } from 'vitest'
import { sizeTable } from './size-table.ts'
import { parseLba, parseListing } from './sizes.ts'

test('the heaviest first, what changed always, the rest as one line', () => {
  const now = { large: 5000, small: 30, new: 20, same: 10 }
  const before = { large: 4000, small: 30, same: 10, gone: 7 }
  expect(sizeTable({ sha256: '', now, before }, 2)).toBe(
    [
      '5 kB  +1000  large',
      '1 kB         small',
      '1 kB    +20  new',
      '0 kB     -7  gone',
      '1 kB         1 others',
      '6 kB  +1013  in all',
    ].join('\n'),
  )
})

test('without a build before nothing has changed', () => {
  expect(sizeTable({ sha256: '', now: { a: 1 } }, 9)).toBe('1 kB    a\n1 kB    in all')
})

test('what unsquashfs and xorriso say', () => {
  const line = (mode: string, path: string) => `${mode} 0/0  1439 2026-01-01 00:00 squashfs-root/${path}\n`
  expect(parseListing(line('drwxr-xr-x', 'usr') + line('-rwxr-xr-x', 'usr/a b'))).toEqual({ 'usr/a b': 1439 })
  const lba =
    "Report layout: xt , Startlba ,   Blocks , Filesize , ISO image path\nFile data lba:  0 ,       45 ,       66 ,   134144 , '/cde/x.tcz'\n"
  expect(parseLba(lba)).toEqual({ '/cde/x.tcz': 134144 })
})
