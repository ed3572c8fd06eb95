import { expect, test } from 'vitest'
import { outOfMemoryLines, panicOf, withoutKernelMessages } from './kernel-messages.ts'

test("a kernel's message in the middle of a line is taken out of it", () => {
  const text = 'one\ntw[   12.345678] podman0: port 1(veth0) entered blocking state\r\no\nthree\n'
  expect(withoutKernelMessages(text)).toBe('one\ntwo\nthree\n')
})

test('a record with the number of its thread counts too, brackets of programs do not', () => {
  expect(withoutKernelMessages('[    1.000000][    T1] x\r\n[1.5] mine\n[ ok ]\n')).toBe(
    '[1.5] mine\n[ ok ]\n',
  )
})

test('a panic is found', () => {
  expect(panicOf('[    1.0] Kernel panic - not syncing: VFS: no root\r\n')).toBe(
    'Kernel panic - not syncing: VFS: no root',
  )
  expect(panicOf('all is well')).toBeUndefined()
})

test('lines about memory are found, those of a control group too', () => {
  const lines = [
    '[    9.1] podman invoked oom-killer: gfp_mask=0x140cca',
    '[    9.2] Out of memory: Killed process 88 (podman)',
    '[   10.0] Memory cgroup out of memory: Killed process 90 (perl)',
  ]
  expect(outOfMemoryLines(`ok\r\n${lines.join('\r\n')}\r\nok\n`)).toEqual(lines)
})
