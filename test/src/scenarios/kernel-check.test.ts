import { expect, test } from 'vitest'
import { sharedMachine } from '../machines.ts'

test('b2p-check: the kernel that runs has all that is required, its modules and the machine too', async () => {
  const { machine } = await sharedMachine()
  const text = await machine.run('b2p-check')
  expect(text).toMatch(/^ {2}present {2}USER_NS {2,}\S.* \[all\]$/m)
  expect(text).toMatch(/^ {2}module {3}NFT_FIB_INET {2,}\S/m)
  expect(text).toMatch(/^ {2}present {2}cgroup hugetlb {2,}\S/m)
  expect(text).toMatch(/^ {2}present {2}\/dev\/fuse {2,}\S/m)
  expect(text).not.toContain('required]')
  // Each module that the configuration names is in the image, with those that it needs.
  expect(text).not.toContain('is not there')
  expect(text).toMatch(/\n\d+ present, \d+ modules, \d+ missing\n$/)
})

test('b2p-check --kubernetes: of a node only the programs of Kubernetes are missing', async () => {
  const { machine } = await sharedMachine()
  const { exitCode, stdout = '' } = await machine.run('b2p-check --kubernetes').catch((error) => error)
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^ {2}present {2}kernel 5\.13 /m)
  expect(stdout).toMatch(/^ {2}module {3}VXLAN /m)
  expect(stdout).not.toContain('is not there')
  const [, lost = ''] = /\nRequired, and missing\n([\s\S]*?)\n\n/.exec(stdout) ?? []
  const names = lost.split('\n').map((row) => row.split(/ {2,}/)[2])
  expect(names).toEqual(['kubeadm', 'kubelet', 'kubectl', 'crio', 'pinns', 'crictl'])
})

test('b2p-check: a configuration without what is required, and what is none', async () => {
  const { machine } = await sharedMachine()
  const without = 'zcat /proc/config.gz | sed s/^CONFIG_VETH=.*// > /tmp/config; b2p-check /tmp/config'
  await expect(machine.run(without)).rejects.toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/\nRequired, and missing\n {2}missing {2}VETH {2,}the cable .*\n\n/),
  })
  await expect(machine.run('b2p-check /etc/fstab')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('/etc/fstab: is not the whole configuration of a kernel\n'),
  })
})
