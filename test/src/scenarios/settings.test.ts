import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, expect, inject, test } from 'vitest'
import { withBootCodes } from '../boot-codes.ts'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'
import { secureRegistry } from '../secure-registry.ts'
import { online } from './online.ts'

// One machine for all of it: every setting, from every source, with every kind of mistake.
const cleanUp = new AsyncDisposableStack()
let started: Promise<Machine> | undefined

afterAll(() => cleanUp.disposeAsync())

const plain = () => `10.0.2.2:${inject('registryPort')}`

// As a person on Windows writes it: with a mark at the beginning and other ends of lines.
const FILE = () =>
  `\ufeff# The machine's settings.
hostname = from-the-file
timezone = Europe/Berlin
dns = 10.0.2.3
dns = 10.0.2.4
search = example.com
ntp = ntp.example.com

http_proxy = http://10.0.2.2:9
https_proxy = http://10.0.2.2:9
no_proxy = localhost, 10.0.2.2
registry_mirror = docker.io/library ${plain()}
insecure_registry = ${plain()}
ca_certificate = /nowhere.pem
swap = 16M
sysctl = vm.swappiness 77
sysctl = vm.no_such_thing 1
colour = red
a line without a sign
dns = 10.0.0.256
hostname = -bad-
swap = lots
http_proxy = http://a"b
`.replaceAll('\n', '\r\n')

const shared = () => {
  started ??= start()
  return started
}

async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-settings-'))
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }))
  const state = join(folder, 'disk/var/lib/boot2podman')
  await mkdir(join(state, 'certs'), { recursive: true })
  await writeFile(join(state, 'boot2podman.conf'), FILE())
  await writeFile(join(state, 'certs/registry.crt'), inject('secureRegistryAuthority'))
  await writeFile(
    join(state, 'certs/broken.pem'),
    inject('secureRegistryAuthority').replace(/-----END.*/s, ''),
  )
  await writeFile(join(folder, 'boot2podman.conf'), 'hostname = from-the-user\nsysctl = vm.swappiness = 78\n')
  await run('tar', ['-C', folder, '-cf', join(state, 'userdata.tar'), 'boot2podman.conf'])
  const { disk } = cleanUp.use(await dataDisk(512, { folder: join(folder, 'disk') }))
  return cleanUp.use(
    await boot({
      memory: 512,
      disks: [disk],
      fwCfg: { 'opt/boot2podman/boot2podman.conf': 'hostname = from-the-firmware\nntp = 10.0.2.5' },
      direct: withBootCodes(
        'b2p.hostname=web.example.com',
        '"b2p.sysctl=vm.vfs_cache_pressure 55"',
        'b2p.nothing',
      ),
    }),
  )
}

test('the boot line counts more than the firmware, that more than the user’s data, that more than the file', async () => {
  const machine = await shared()
  expect(await machine.run('hostname; grep ^127 /etc/hosts')).toBe(
    'web.example.com\n127.0.0.1 localhost web.example.com web\n',
  )
  expect(await machine.run('sysctl -n vm.swappiness vm.vfs_cache_pressure')).toBe('78\n55\n')
})

test('lists come together from all sources', async () => {
  const machine = await shared()
  expect(await machine.run('cat /etc/sysconfig/ntpserver')).toBe('ntp.example.com 10.0.2.5\n')
  // DHCP has its own name servers.
  await online(machine)
  expect(await machine.run('cat /etc/resolv.conf')).toBe(
    'search example.com\nnameserver 10.0.2.3\nnameserver 10.0.2.4\n',
  )
})

test('each mistake is told, by its source and line', async () => {
  const machine = await shared()
  const state = '/var/lib/boot2podman'
  const problems = await machine.run('grep -v "^  " /run/boot2podman/problems')
  expect(problems.trimEnd().split('\n').toSorted()).toEqual(
    [
      `${state}/boot2podman.conf:14: ca_certificate = /nowhere.pem: this value is not used`,
      `${state}/boot2podman.conf:17: sysctl vm.no_such_thing: the kernel does not take 1`,
      `${state}/boot2podman.conf:18: there is no setting "colour"`,
      `${state}/boot2podman.conf:19: "a line without a sign" is no setting`,
      `${state}/boot2podman.conf:20: dns = 10.0.0.256: this value is not used`,
      `${state}/boot2podman.conf:21: hostname = -bad-: this value is not used`,
      `${state}/boot2podman.conf:22: swap = lots: this value is not used`,
      `${state}/boot2podman.conf:23: http_proxy = http://a"b: this value is not used`,
      `${state}/certs: ${state}/certs/broken.pem is no certificate in PEM form, or a part of it is lost`,
      'boot line: "b2p.nothing" is no setting',
    ].toSorted(),
  )
})

test('there is swap on the data disk', async () => {
  const machine = await shared()
  expect(
    await machine.run('grep -o "^/var/lib/boot2podman/swapfile.*file.*163[0-9]*" /proc/swaps | wc -l'),
  ).toBe('1\n')
  expect(await machine.run('sudo stat -c "%a %s" /var/lib/boot2podman/swapfile')).toBe('600 16777216\n')
})

test('the zone is set', async () => {
  const machine = await shared()
  expect(await machine.run('. /etc/sysconfig/timezone; echo "$TZ"')).toBe('CET-1CEST,M3.5.0,M10.5.0/3\n')
})

test('a registry whose authority is among the certificates is trusted', async () => {
  const machine = await shared()
  const login = `echo secret | sudo podman login --username tester --password-stdin ${secureRegistry()}`
  expect(await machine.run(login, { timeout: 120 })).toBe('Login Succeeded!\n')
})

test('images come from the mirror, without TLS as that was asked for, and without the proxy', async () => {
  const machine = await shared()
  const name = 'docker.io/library/debian:trixie'
  await machine.run(`sudo podman pull -q ${name}`, { timeout: 240 })
  const said = await machine.run(
    `sudo podman run --rm --network=none ${name} sh -c 'echo $http_proxy $HTTPS_PROXY $no_proxy'`,
    { timeout: 120 },
  )
  expect(said).toBe('http://10.0.2.2:9 http://10.0.2.2:9 localhost,10.0.2.2\n')
})

test('what is elsewhere is asked for through the proxy: Podman’s pulls, logins, and what sudo starts', async () => {
  const machine = await shared()
  const pull = 'sudo env -u http_proxy -u https_proxy podman pull -q registry.example.com/x 2>&1 || true'
  expect(await machine.run(pull, { timeout: 120 })).toContain('proxyconnect tcp: dial tcp 10.0.2.2:9')
  expect(await machine.run('echo $http_proxy; sudo sh -c "echo \\$HTTP_PROXY"')).toBe(
    'http://10.0.2.2:9\nhttp://10.0.2.2:9\n',
  )
})

test('b2p-settings tells what was asked, by whom, and what of it is not in effect', async () => {
  const machine = await shared()
  await machine.run('sudo sysctl -qw vm.vfs_cache_pressure=100')
  const said = await machine.run('b2p-settings | cat')
  const state = '/var/lib/boot2podman/boot2podman.conf'
  const row = (key: string, value: string, from: string) => new RegExp(`^${key} +${value} +${from}$`, 'm')
  expect(said).toMatch(row('hostname', 'web.example.com', 'boot line'))
  expect(said).toMatch(row('dns', '10.0.2.4', `${state}:5`))
  expect(said).toMatch(row('ntp', '10.0.2.5', 'fw_cfg/opt/boot2podman/boot2podman.conf:2'))
  expect(said).toMatch(/^hostname +from-the-user +userdata.tar\/boot2podman.conf:1\n {2}overridden/m)
  expect(said).toMatch(/vm.vfs_cache_pressure 55 +boot line\n {2}differs: 100 is in effect$/m)
  expect(said).toMatch(/certs\/broken.pem .*\n {2}differs: it is not trusted$/m)
  expect(said).toMatch(/vm.no_such_thing 1 .*\n {2}differs: nothing is in effect$/m)
  expect(said.match(/differs/g)).toHaveLength(3)
})
