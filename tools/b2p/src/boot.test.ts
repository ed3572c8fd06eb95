import { expect, test } from 'vitest'
import { greeting } from './boot.ts'

test('how to log in, how to leave, and which accelerator', () => {
  const text = greeting('tcg', '/dev/kvm is missing or not for this user')
  expect(text).toContain('tc is logged in by itself; sudo asks for no password')
  expect(text).toContain('To leave: sudo poweroff, or Ctrl-A and then X')
  expect(text).toContain('plain emulation (TCG), slower: /dev/kvm is missing or not for this user.')
})
