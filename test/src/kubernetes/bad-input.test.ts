import type { Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { boot } from '../machines.ts'

const JOIN = `join 10.0.0.1 abcdef.0123456789abcdef sha256:${'0'.repeat(64)}`

test('a machine that is too small, full, cut off, or of another cluster: told before anything starts', async () => {
  await using machine = await boot({ memory: 1024, cpus: 1, network: false })
  await refused(machine, 'start', /^memory: \d{3} MB are not enough: a control plane takes 1700 MB\n/)
  await refused(machine, 'start --address', /^kubernetes: expected one address\n {2}sudo kubernetes start --/)
  await refused(machine, JOIN, /^10\.0\.0\.1: there is no way to it from here\n/)
  await refused(machine, 'join 10.0.0.1', /^join: expected an address, a token and a hash\n/)
  await refused(machine, 'join 10.0.0.1 abc sha256:00000000', /^abc: is no token\n/)

  const fill = '/var/lib/containers/fills'
  const free = Number(await machine.run("df -Pm /var/lib/containers | awk 'NR == 2 { print $4 }'"))
  await machine.run(`sudo fallocate -l ${free - 300}M ${fill}`)
  await refused(machine, JOIN, /^\/var\/lib\/containers: \d+ MB are left, and 400 MB are needed, in memory;/)
  await machine.run(`sudo rm ${fill}`)
  await nothingStarted(machine)

  // What a data disk brings along that was another machine's.
  await machine.run(
    'sudo mkdir -p /var/lib/kubernetes && echo other | sudo tee /var/lib/kubernetes/node && sudo touch /var/lib/kubernetes/member && echo 10.0.0.9 | sudo tee /var/lib/kubernetes/address',
  )
  await refused(machine, 'start', /^box: what is on this data disk belongs to the node other of a cluster\n/)
  await refused(machine, JOIN, /^box: belongs to a cluster already, as other, 10\.0\.0\.9\n/)
  await refused(machine, 'token', /^token: only the machine that made the cluster can\n/)
  expect(await machine.run('ls -1 /var/lib/kubernetes')).toBe('address\nmember\nnode\n')
  await machine.run('sudo rm -r /var/lib/kubernetes')
})

test('a control plane takes two processors', async () => {
  await using machine = await boot({ memory: 2048, cpus: 1, network: false })
  await refused(machine, 'start', /^processors: there is 1, and a control plane takes 2\n/)
  await nothingStarted(machine)
})

async function refused(machine: Machine, words: string, stderr: RegExp): Promise<void> {
  await expect(machine.run(`sudo kubernetes ${words}`, { timeout: 60 }), words).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(stderr),
  })
}

async function nothingStarted(machine: Machine): Promise<void> {
  expect(await machine.run('ls /etc/service | grep -cxE "crio|kubelet|flannel|kube-proxy" || true')).toBe(
    '0\n',
  )
  expect(await machine.run('sudo ls -A /etc/kubernetes /var/lib/kubernetes 2>/dev/null || true')).not.toMatch(
    /\.conf|node/,
  )
}
