import type { Machine } from '@boot2podman/qemu'
import { afterAll, expect, test } from 'vitest'
import { cloudVolume } from '../cidata.ts'
import { boot } from '../machines.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJu1Zy1tJKoHbDcGZNDlvhBS3V8v5zVdYpOLAPdlPBNC'

// One machine with three volumes: NoCloud's on a disc, ConfigDrive's, and one with a mistake.
const cleanUp = new AsyncDisposableStack()
let started: Promise<Machine> | undefined

afterAll(() => cleanUp.disposeAsync())

const shared = () => {
  started ??= start()
  return started
}

async function start() {
  const volume = async (...args: Parameters<typeof cloudVolume>) =>
    cleanUp.use(await cloudVolume(...args)).disk
  const noCloud = await volume('cidata', 'iso9660', {
    'meta-data': 'instance-id: one\nlocal-hostname: from-the-machine\n',
    'user-data': `#cloud-config
hostname: from-the-user
users:
- default
- name: me
  ssh_authorized_keys: [${KEY} me@nocloud]
packages: [vim]
write_files:
- path: /opt/hello
  content: |
    hello
    cloud
  permissions: '0640'
- path: /home/tc/.config/mine
  owner: tc:staff
  encoding: b64
  content: bWluZQ==
- path: /var/lib/boot2podman/boot2podman.conf
  content: "sysctl = vm.swappiness 79\\n"
runcmd:
- echo one "$(cat /opt/hello)" >>/opt/ran
- [ sh, -c, 'echo "$1" >>/opt/ran', sh, "it's two" ]
- ls /nowhere
- echo last >>/opt/ran
`,
  })
  const configDrive = await volume('config-2', 'vfat', {
    'openstack/latest/meta_data.json': JSON.stringify({ public_keys: { mine: `${KEY} me@openstack\n` } }),
    'openstack/latest/user_data': '#!/bin/sh\necho a script >/opt/script-ran\n',
  })
  const mistaken = await volume('CIDATA', 'iso9660', {
    'user-data': '#cloud-config\nhostname: nobody\nruncmd: [\n',
  })
  return cleanUp.use(await boot({ disks: [noCloud, configDrive, mistaken] }))
}

test('the name of the machine is the user’s', async () => {
  const machine = await shared()
  expect(await machine.run('hostname')).toBe('from-the-user\n')
})

test('files are written, in a home too', async () => {
  const machine = await shared()
  expect(await machine.run('sudo cat /opt/hello; stat -c "%a %U" /opt/hello')).toBe(
    'hello\ncloud\n640 root\n',
  )
  expect(await machine.run('cat .config/mine; stat -c " %U:%G" .config/mine .config')).toBe(
    'mine tc:staff\n tc:staff\n',
  )
})

test('a file may hold settings', async () => {
  const machine = await shared()
  expect(await machine.run('sysctl -n vm.swappiness')).toBe('79\n')
})

test('keys are handed on', async () => {
  const machine = await shared()
  const keys = await machine.run('sudo cat /run/boot2podman/authorized_keys')
  expect(keys).toContain(`${KEY} me@nocloud\n`)
  expect(keys).toContain(`${KEY} me@openstack\n`)
})

test('commands run in their order, in the background', async () => {
  const machine = await shared()
  // The sixty seconds that they wait for a network at most, and some.
  await machine.run(
    'for i in $(seq 90); do [ -e /opt/script-ran ] && grep -q last /opt/ran && break; sleep 1; done',
  )
  expect(await machine.run('cat /opt/ran')).toBe("one hello\ncloud\nit's two\nlast\n")
  expect(await machine.run('cat /opt/script-ran')).toBe('a script\n')
  expect(await machine.run('sudo cat /var/log/cloud-init/current')).toContain('/nowhere')
})

test('mistakes are told by volume, file and line, and commands that fail', async () => {
  const machine = await shared()
  const problems = await machine.run('cat /run/boot2podman/problems')
  expect(problems).toMatch(/^\/dev\/vd[a-z] user-data:3: no YAML: /m)
  expect(problems).toMatch(
    /^cloud-init: command 3: "'ls \/nowhere'|^cloud-init: command 3: "ls \/nowhere" ended with exit code 1/m,
  )
  expect(problems.match(/^\S/gm)).toHaveLength(2)
})

test('what is not understood is named', async () => {
  const machine = await shared()
  expect(await machine.run('b2p-settings | cat')).toMatch(
    /^not understood of cloud-init, ignored: \/dev\/vd[a-z]: packages$/m,
  )
})

test('the volumes are left alone', async () => {
  const machine = await shared()
  expect(await machine.run('grep -c "^/dev/vd" /proc/mounts || true')).toBe('0\n')
})
