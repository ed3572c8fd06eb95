import { expect, test } from 'vitest'
import { sharedMachine } from '../machines.ts'
import { sshAnswers } from '../ssh.ts'

test('the console belongs to tc, who is root by sudo without a password', async () => {
  const { machine } = await sharedMachine()
  expect(await machine.run('id -un; id -gn; pwd')).toBe('tc\nstaff\n/home/tc\n')
  expect(await machine.run('sudo -n id -u')).toBe('0\n')
})

test('nobody can log in with a password', async () => {
  const { machine } = await sharedMachine()
  const shadow = await machine.run('sudo cat /etc/shadow')
  const hashes = shadow
    .trim()
    .split('\n')
    .map((line) => line.split(':')[1])
  expect(hashes.length).toBeGreaterThan(1)
  // A star or a mark before it: no password fits. An empty field would let in without one.
  for (const hash of hashes) expect(hash).toMatch(/^[*!]/)
})

test('nothing listens on the network but SSH', async () => {
  const { machine } = await sharedMachine()
  await sshAnswers(machine)
  // State 0A listens; the local address is the second word, its port hexadecimal: 22 is 0016.
  const ports = await machine.run(
    'awk \'$4 == "0A" { print $2 }\' /proc/net/tcp /proc/net/tcp6 | cut -d: -f2 | sort -u',
  )
  expect(ports).toBe('0016\n')
})
