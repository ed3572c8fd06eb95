import { expect, test } from 'vitest'
import { type Option, OptionValues } from '../option.ts'
import { change } from './change.ts'
import { parsePortRange } from './port.ts'
import { parsePublish } from './publish.ts'
import { qemuOptions, qemuSettings } from './settings.ts'
import { stateOf } from './state.ts'
import { mountCommand, parseVolume } from './volume.ts'

const settings = (given: Record<string, string | string[]> = {}, options: readonly Option[] = qemuOptions) =>
  qemuSettings(
    new OptionValues(
      options,
      new Map(Object.entries(given).map(([name, value]) => [name, [value].flat()] as const)),
    ),
  )

test('what a machine is when nothing is said', () => {
  const { UUID, ...rest } = settings()
  expect(UUID).toMatch(/^[0-9a-f-]{36}$/)
  expect(rest).toMatchObject({ Memory: 1024, CPU: 1, DiskSize: 20000, SSHUser: 'tc', IPAddress: '127.0.0.1' })
  expect(rest).toMatchObject({
    Network: 'user',
    Program: 'qemu-system-x86_64',
    Boot2PodmanURL: '',
    SSHPort: 0,
  })
})

test('with Kubernetes: what a cluster needs, when it is not told', () => {
  expect(settings({ kubernetes: 'true' })).toMatchObject({ Kubernetes: true, Memory: 2048, CPU: 2 })
  expect(settings({ kubernetes: 'true', 'qemu-memory': '1800', 'qemu-cpu-count': '4' })).toMatchObject({
    Memory: 1800,
    CPU: 4,
  })
  expect(settings()).toMatchObject({ Kubernetes: false })
})

test('what cannot be is told, with what can', () => {
  const cases: [Record<string, string | string[]>, string][] = [
    [{ 'qemu-memory': '16' }, '--qemu-memory: "16" is not a whole number from 96'],
    [{ 'qemu-memory': '99999999' }, '--qemu-memory: 99999999 MB of memory\n  from 96 to '],
    [{ 'qemu-cpu-count': '0' }, '--qemu-cpu-count: "0" is not'],
    [{ 'qemu-disk-size': '5000000' }, '--qemu-disk-size: a disk of 5000000 MB\n  from 64 to 4194304'],
    [{ 'qemu-network': 'magic' }, '--qemu-network: "magic" is not known\n  one of user, tap, bridge'],
    [{ 'qemu-network': 'bridge' }, '--qemu-network-address: is needed with --qemu-network bridge'],
    [{ 'qemu-localports': '5-3' }, '--qemu-localports: "5-3" is no range of ports'],
    [{ publish: ['80'] }, '--publish: "80" names no two ports'],
    [{ volume: ['src:/src'] }, '--volume: "src:/src" does not say which folder'],
  ]
  for (const [given, what] of cases) expect(() => settings(given)).toThrow(what)
})

test('ports are published on the loopback', () => {
  expect(parsePublish(['8080:80', '127.0.0.1:53:5353/udp'])).toEqual([
    { host: 8080, guest: 80, protocol: 'tcp' },
    { host: 53, guest: 5353, protocol: 'udp' },
  ])
  expect(() => parsePublish(['0.0.0.0:80:80', '80:99999'])).toThrow(/0\.0\.0\.0:80:80[\s\S]*80:99999/)
  expect(() => parsePublish(['80:80', '80:81'])).toThrow('port 80 of this host is given twice')
  expect(parsePortRange('')).toBeUndefined()
  expect(parsePortRange('2200-2210')).toEqual([2200, 2210])
})

test('folders, as people write them', () => {
  expect(parseVolume('/home/me')).toEqual({ host: '/home/me', guest: '/home/me', readOnly: false })
  expect(parseVolume('/home/me:/src/:ro')).toEqual({ host: '/home/me', guest: '/src/', readOnly: true })
  for (const text of ['', 'a:/b', '/a:b', '/a:/', '/a:/b:/c', '/a:/..'])
    expect(() => parseVolume(text)).toThrow()
  expect(mountCommand({ host: '/a', guest: "/it's", readOnly: false }, 1)).toContain(`volume1 '/it'\\''s'`)
})

test('set changes all or nothing', () => {
  const mine = { ...settings(), MachineName: 'box', StorePath: '/' }
  expect(() => change(mine, { memory: 512, diskSize: 100 })).toThrow(
    '--disk-size: a disk only grows: it has 20000 MB',
  )
  expect(() => change(mine, { memory: 512, cpus: 9999 })).toThrow('--cpus: 9999 processors')
  expect(mine.Memory).toBe(1024)
  change(mine, { memory: 512, diskSize: 30000, publish: ['80:80'] })
  expect(mine).toMatchObject({ Memory: 512, CPU: 1, DiskSize: 30000, Publish: ['80:80'] })
})

test('QEMU has more states than we', () => {
  expect(['running', 'paused', 'shutdown', 'io-error', 'no answer'].map(stateOf)).toEqual([
    ...['Running', 'Paused', 'Stopping', 'Error', 'Timeout'],
  ])
})
