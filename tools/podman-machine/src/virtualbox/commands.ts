import { join } from 'node:path'
import type { MachineFiles } from '../files.ts'
import type { VirtualBoxSettings } from './settings.ts'

export function diskFile({ folder }: MachineFiles): string {
  return join(folder, 'disk.vdi')
}

/** Makes the disk of an image of its beginning; then it is made as large as it is to be. */
export function diskCommands(files: MachineFiles, beginning: string, megabytes: number): string[][] {
  return [
    ['convertfromraw', beginning, diskFile(files), '--format', 'VDI'],
    ['modifymedium', 'disk', diskFile(files), '--resize', String(megabytes)],
  ]
}

/** What makes the machine, after its disk. */
export function createCommands(name: string, files: MachineFiles, settings: VirtualBoxSettings): string[][] {
  const attach = (port: number, type: string, medium: string) => [
    ...['storageattach', name, '--storagectl', 'SATA', '--port', String(port), '--device', '0'],
    ...['--type', type, '--medium', medium],
  ]
  return [
    ['createvm', '--basefolder', join(files.folder, 'virtualbox'), '--name', name, '--register'],
    modifyCommand(name, settings),
    ['storagectl', name, '--name', 'SATA', '--add', 'sata', '--hostiocache', 'on'],
    attach(0, 'dvddrive', files.iso),
    attach(1, 'hdd', diskFile(files)),
  ]
}

/** What may have been changed since: before each start. */
export function modifyCommand(name: string, settings: VirtualBoxSettings): string[] {
  const { CPU, Memory, HostDNSResolver, DNSProxy, NatNicType } = settings
  return [
    ...['modifyvm', name, '--ostype', 'Linux26_64', '--firmware', 'bios'],
    ...['--cpus', String(CPU), '--memory', String(Memory)],
    ...['--acpi', 'on', '--ioapic', 'on', '--rtcuseutc', 'on', '--boot1', 'dvd', '--boot2', 'none'],
    ...['--bioslogofadein', 'off', '--bioslogofadeout', 'off', '--bioslogodisplaytime', '0'],
    ...['--biosbootmenu', 'disabled'],
    ...['--natdnshostresolver1', onOff(HostDNSResolver), '--natdnsproxy1', onOff(DNSProxy)],
    ...['--nic1', 'nat', '--nictype1', NatNicType, '--cableconnected1', 'on'],
  ]
}

/** The second network card, in the network that this computer shares with its machines. */
export function hostOnlyCommand(name: string, adapter: string, settings: VirtualBoxSettings): string[] {
  const { HostOnlyNicType, HostOnlyPromiscMode } = settings
  return [
    ...['modifyvm', name, '--nic2', 'hostonly', '--nictype2', HostOnlyNicType],
    ...['--nicpromisc2', HostOnlyPromiscMode, '--hostonlyadapter2', adapter, '--cableconnected2', 'on'],
  ]
}

/** The console's log: all that the machine writes to its first serial port. */
export function serialCommand(name: string, { console }: MachineFiles): string[] {
  return ['modifyvm', name, '--uart1', '0x3F8', '4', '--uartmode1', 'file', console]
}

/** SSH by a port of this computer's loopback. The first takes away the former rule, and fails if there is none. */
export function forwardCommands(name: string, port: number): { may: string[]; must: string[] } {
  return {
    may: ['modifyvm', name, '--natpf1', 'delete', 'ssh'],
    must: ['modifyvm', name, '--natpf1', `ssh,tcp,127.0.0.1,${port},,22`],
  }
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off'
}
