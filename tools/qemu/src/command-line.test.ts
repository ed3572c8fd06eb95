import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { commandLine, shellLine } from './command-line.ts'
import type { MachineSpec } from './spec.ts'

const iso = (as: 'ide-cd' | 'sata-cd' | 'usb-stick'): MachineSpec => ({
  medium: { file: 'a.iso', as },
  memory: 128,
})

test('a machine that nothing more is said about: two emulated processors, a network card, no open port', () => {
  expect(commandLine({ memory: 64 }, 'terminal').join(' ')).toBe(
    '-machine pc -accel tcg -cpu qemu64,+rdrand -smp 2 -m 64 -nic user,model=virtio-net-pci -nographic',
  )
})

test('the medium is a CD on IDE, a CD on SATA, or a stick', () => {
  expect(commandLine(iso('ide-cd'), 'terminal').join(' ')).toContain('-machine pc ')
  expect(commandLine(iso('sata-cd'), 'terminal').join(' ')).toContain('-machine q35 ')
  const stick = commandLine(iso('usb-stick'), 'terminal').join(' ')
  expect(stick).toContain('-device usb-storage,')
  expect(stick).not.toContain('media=cdrom')
})

test('ports are open on the loopback only', () => {
  const line = commandLine({ memory: 64, forward: [{ host: 2222, guest: 22 }] }, 'terminal').join(' ')
  expect(line).toContain('-nic user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:2222-:22 ')
})

test('a kernel is booted while the medium stays in its drive', () => {
  const direct = { kernel: 'vmlinuz', initramfs: 'core.gz', append: 'console=ttyS0 toram' }
  const line = commandLine({ ...iso('ide-cd'), direct }, 'terminal')
  expect(line[line.indexOf('-append') + 1]).toBe('console=ttyS0 toram')
  expect(line).toContain('ide-cd,id=medium,drive=iso,bootindex=1')
})

test('with KVM the processor is the host’s own', () => {
  expect(commandLine({ memory: 64, accelerator: 'kvm' }, 'terminal').join(' ')).toContain(
    '-accel kvm -cpu host',
  )
})

test('a comma in the name of a file stays in the name', () => {
  const line = commandLine({ memory: 64, disks: [{ file: 'a,b.raw', format: 'raw' }] }, 'terminal')
  expect(line).toContain('if=virtio,format=raw,file=a,,b.raw')
})

test('disks of one kind share a controller; a stick that the machine boots from brings it for them', () => {
  const as = ['sata', 'usb', 'sata', 'usb'] as const
  const disks = as.map((as, index) => ({ file: `${index}.raw`, format: 'raw' as const, as }))
  const devices = (spec: MachineSpec) =>
    commandLine(spec, 'terminal').filter((_, index, words) => words[index - 1] === '-device')
  const mine = [
    'ide-hd,bus=sata.0,drive=disk0',
    'usb-storage,bus=usb.0,drive=disk1',
    'ide-hd,bus=sata.1,drive=disk2',
    'usb-storage,bus=usb.0,drive=disk3',
  ]
  expect(devices({ memory: 64, disks })).toEqual(['ich9-ahci,id=sata', 'qemu-xhci,id=usb', ...mine])
  const [stick, , ...others] = devices({ ...iso('usb-stick'), disks })
  expect([stick, ...others]).toEqual(['qemu-xhci,id=usb', 'ich9-ahci,id=sata', ...mine])
})

test('what is discarded reaches the file where it is asked for', () => {
  const line = commandLine({ memory: 64, disks: [{ file: 'a', format: 'qcow2', discard: true }] }, 'terminal')
  expect(line).toContain('if=virtio,format=qcow2,discard=unmap,file=a')
})

test('the firmware hands over texts, commas and all; a clock may be wrong; a machine may have no network', () => {
  const fwCfg = { 'opt/a': 'one,two\nthree' }
  const line = commandLine({ memory: 64, fwCfg, rtc: '1999-12-31', network: false }, 'terminal').join(' ')
  expect(line).toContain('-fw_cfg name=opt/a,string=one,,two\nthree -rtc base=1999-12-31 -nic none ')
})

test('the line for a shell is read by a shell as the same words', () => {
  const spec = { ...iso('ide-cd'), direct: { kernel: "it's", initramfs: 'c d', append: 'a=1 "b"' } }
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${shellLine(spec)}`], { encoding: 'utf8' })
  expect(words.trimEnd().split('\n').slice(1)).toEqual(commandLine(spec, 'terminal'))
})

test('each accelerator has the processor that goes with it', () => {
  const line = (accelerator: 'hvf' | 'whpx') => commandLine({ memory: 64, accelerator }, 'terminal').join(' ')
  expect(line('hvf')).toContain('-accel hvf -cpu host ')
  expect(line('whpx')).toContain('-accel whpx,kernel-irqchip=off -cpu max ')
})

test('a cable between two machines', () => {
  const line = (port: number, peer: number) =>
    commandLine({ memory: 64, network: { cable: { port, peer } } }, 'terminal').join(' ')
  expect(line(40000, 40001)).toContain(
    '-nic socket,udp=127.0.0.1:40001,localaddr=127.0.0.1:40000,model=virtio-net-pci,mac=52:54:00:00:9c:40 ',
  )
  expect(line(40001, 40000)).toContain('mac=52:54:00:00:9c:41 ')
})

test('a network of the host’s, shared folders, ports of UDP', () => {
  const line = (spec: Partial<MachineSpec>) => commandLine({ memory: 64, ...spec }, 'terminal').join(' ')
  expect(line({ network: { bridge: 'br0' } })).toContain('-nic bridge,br=br0,model=virtio-net-pci ')
  expect(line({ network: { tap: 'tap0' } })).toContain('-nic tap,ifname=tap0,script=no,downscript=no,')
  expect(line({ forward: [{ host: 53, guest: 53, protocol: 'udp' }] })).toContain('udp:127.0.0.1:53-:53')
  expect(line({ folders: [{ path: '/a,b', tag: 'volume0', readOnly: true }] })).toContain(
    '-virtfs local,path=/a,,b,mount_tag=volume0,security_model=none,multidevs=remap,readonly=on ',
  )
})

test('a machine that nobody sits in front of writes to a file, and may start again by itself', () => {
  const place = { file: 'console.log', pidFile: 'qemu.pid', name: 'box', uuid: '0-1' }
  const line = commandLine({ memory: 64 }, { ...place, qmp: 'monitor' }).join(' ')
  expect(line).toContain('-name box -uuid 0-1 -pidfile qemu.pid -display none -monitor none -boot strict=on')
  expect(line).toContain('-chardev file,id=console,path=console.log -serial chardev:console')
  expect(line).toContain('-qmp unix:monitor,server=on,wait=off')
  expect(line).not.toContain('-no-reboot')
  expect(line).toContain('-machine pc,graphics=off ')
  expect(commandLine({ memory: 64 }, { ...place, qmp: { port: 4444 } })).toContain(
    'tcp:127.0.0.1:4444,server=on,wait=off',
  )
})
