import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { expect, inject, test } from 'vitest'
import { podmanMachine } from '../podman-machine.ts'

const PACKAGE = join(import.meta.dirname, '../../../dist/tcz/kubernetes.tcz')

test('podman-machine: a cluster in a machine of its own, and this host’s kubectl speaks to it', async () => {
  await using tool = await podmanMachine()
  tool.tellOnFailure('kube')
  await tool.ok('create', '--kubernetes', '--qemu-boot2podman-url', inject('iso'), 'kube')
  const early = await tool.outcome('kubeconfig', 'kube')
  expect(early.code).toBe(1)
  expect(early.stderr).toContain('this machine belongs to no cluster')
  expect(await tool.ok('ssh', 'kube', 'sudo kubernetes start')).toMatch(/\nkube is ready\. /)

  await run('unsquashfs', ['-q', '-n', '-no-xattrs', '-f', '-d', join(tool.folder, 'kubernetes'), PACKAGE])
  const kubectl = join(tool.folder, 'kubernetes/usr/local/bin/kubectl')
  const nodes = `eval "$(podman-machine env --kubectl kube)"; ${kubectl} get nodes`
  expect(await tool.bash(nodes)).toMatch(/^kube +Ready +control-plane /m)
  expect(await tool.ok('kubeconfig', 'kube')).toMatch(/^ +server: https:\/\/127\.0\.0\.1:\d+$/m)
})
