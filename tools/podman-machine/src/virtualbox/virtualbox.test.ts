import { expect, test } from 'vitest'
import { machineFiles, storeFiles } from '../files.ts'
import { OptionValues } from '../option.ts'
import { createCommands, diskCommands, forwardCommands, hostOnlyCommand, serialCommand } from './commands.ts'
import { addresses, parseInterfaces } from './host-only.ts'
import { parseInfo, programOf, stateOf } from './manage.ts'
import { virtualBoxOptions, virtualBoxSettings } from './settings.ts'

function settings(given: Record<string, string> = {}) {
  const values = new Map(Object.entries(given).map(([name, value]) => [`virtualbox-${name}`, [value]]))
  const own = virtualBoxSettings(new OptionValues(virtualBoxOptions, values))
  return { ...own, MachineName: 'box', StorePath: '/store' }
}

test('the command lines', () => {
  const files = machineFiles(storeFiles('/store'), 'box')
  const { may, must } = forwardCommands('vm', 2222)
  const commands = [
    ...diskCommands(files, '/store/machines/box/disk.raw', 20000),
    ...createCommands(
      'vm',
      files,
      settings({ memory: '512', 'cpu-count': '2', 'host-dns-resolver': 'true' }),
    ),
    serialCommand('vm', files),
    may,
    must,
    hostOnlyCommand('vm', 'vboxnet0', settings()),
  ]
  expect(commands.map((words) => words.join(' ')).join('\n')).toMatchSnapshot()
})

test.each([
  ['hostonly-cidr', '192.168.99.0/24'],
  ['hostonly-cidr', '192.168.99.1'],
  ['hostonly-cidr', '300.1.1.1/24'],
  ['nat-nictype', 'e1000'],
  ['ui-type', 'none'],
  ['memory', '1'],
  ['disk-size', '0'],
])('--virtualbox-%s %s is refused', (name, value) => {
  expect(() => settings({ [name]: value })).toThrow(`--virtualbox-${name}`)
})

test('addresses of the network that the host shares with its machines', () => {
  expect(addresses('192.168.99.1/24')).toEqual({
    address: '192.168.99.1',
    mask: '255.255.255.0',
    server: '192.168.99.127',
    lower: '192.168.99.128',
    upper: '192.168.99.254',
  })
  expect(addresses('10.0.0.5/29')).toMatchObject({
    mask: '255.255.255.248',
    server: '10.0.0.3',
    upper: '10.0.0.6',
  })
})

test('what VBoxManage tells of networks, of a machine, of where it is', () => {
  const text = `Name:            vboxnet0
GUID:            786f6276-656e-4074-8000-0a0027000000
DHCP:            Disabled
IPAddress:       192.168.99.1
NetworkMask:     255.255.255.0
VBoxNetworkName: HostInterfaceNetworking-vboxnet0

Name:            VirtualBox Host-Only Ethernet Adapter
IPAddress:       10.0.0.1
NetworkMask:     255.0.0.0
`
  expect(parseInterfaces(text)).toEqual([
    { name: 'vboxnet0', address: '192.168.99.1', mask: '255.255.255.0' },
    { name: 'VirtualBox Host-Only Ethernet Adapter', address: '10.0.0.1', mask: '255.0.0.0' },
  ])
  expect(parseInterfaces('')).toEqual([])
  const told = parseInfo('name="box"\r\nVMState="running"\r\nmemory=512\r\n"SATA-0-0"="/a=b.iso"\r\n')
  expect([...told]).toEqual([
    ['name', 'box'],
    ['VMState', 'running'],
    ['memory', '512'],
    ['SATA-0-0', '/a=b.iso'],
  ])
  expect(stateOf(told)).toBe('Running')
  expect(stateOf(undefined)).toBe('Stopped')
  expect(stateOf(new Map([['VMState', 'gurumeditation']]))).toBe('Error')
  expect(programOf({})).toBe('VBoxManage')
  expect(programOf({ VBOX_MSI_INSTALL_PATH: '/vbox' })).toBe('/vbox/VBoxManage')
})
