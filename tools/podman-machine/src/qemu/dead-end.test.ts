import { expect, test } from 'vitest'
import { deadEndOf } from './dead-end.ts'

test('firmware that finds nothing, and a kernel that gives up', () => {
  expect(deadEndOf('Boot failed: not a bootable disk\r\n\r\nNo bootable device.\r\n')).toBe(
    'No bootable device.',
  )
  expect(deadEndOf('[    1.5] Kernel panic - not syncing: VFS: no root\r\n[    1.5] CPU: 0\r\n')).toContain(
    'VFS',
  )
  expect(deadEndOf('box login: tc (automatic login)\ntc@box:~$ ')).toBeUndefined()
})
