import { expect, test } from 'vitest'
import { boot } from '../machines.ts'

test('all that a node asks for is there: kernel, modules, settings, programs', async () => {
  await using machine = await boot({ memory: 2048 })
  // That their files are there is looked at below; here they go into the kernel that runs.
  await machine.run(
    'sudo modprobe -a br_netfilter overlay nf_conntrack vxlan ip_vs nft_numgen nf_conntrack_netlink',
  )
  expect(await machine.run('cat /proc/sys/net/bridge/bridge-nf-call-iptables')).toBe('1\n')
  const text = await machine.run('b2p-check --kubernetes', { timeout: 120 })
  expect(text).toMatch(/^Programs$/m)
  expect(text).not.toContain('required]')
  expect(text).toMatch(/\n\d+ present, \d+ modules, \d+ missing\n$/)
})
