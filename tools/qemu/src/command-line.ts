import type { Disk, MachineSpec } from './spec.ts'

/**
 * Where the serial console goes: to the terminal, to a socket with a log of all that was written to it, or, for a machine that
 * nobody sits in front of, to a file.
 */
export type Console = 'terminal' | { socket: string; log: string; qmp: string } | Unattended

/** A machine that outlives whoever started it. Paths may be relative to the folder that QEMU is started in. */
export interface Unattended {
  file: string
  /** For QEMU's machine protocol: a socket's path, or, where there are none, a port of the loopback. */
  qmp: string | { port: number }
  pidFile: string
  /** By these the process is known again. */
  name: string
  uuid: string
  /** QEMU's `-display`. */
  display?: string
}

export const PROGRAM = 'qemu-system-x86_64'

/** The arguments for QEMU: two processors, emulated, one virtio network card whose other side is QEMU's user network. */
export function commandLine(spec: MachineSpec, console: Console): string[] {
  const { memory, cpus = 2, accelerator = 'tcg', disks = [] } = spec
  const { fwCfg = {}, rtc, folders = [] } = spec
  return [
    ...['-machine', `${spec.medium?.as === 'sata-cd' ? 'q35' : 'pc'}${firmwareConsole(console)}`],
    // Emulated, QEMU's own plain processor is quicker than the one that can do everything. It lacks one thing that every
    // real one has, random numbers: any system would spend a second of its boot on gathering them.
    ...ACCELERATORS[accelerator],
    ...['-smp', String(cpus), '-m', String(memory)],
    ...medium(spec),
    ...direct(spec),
    ...controllers(spec),
    ...disks.flatMap(disk),
    ...Object.entries(fwCfg).flatMap(([name, text]) => ['-fw_cfg', `name=${name},string=${commas(text)}`]),
    ...(rtc === undefined ? [] : ['-rtc', `base=${rtc}`]),
    ...folders.flatMap(sharedFolder),
    ...['-nic', nic(spec)],
    ...consoleArguments(console),
  ]
}

const ACCELERATORS = {
  tcg: ['-accel', 'tcg', '-cpu', 'qemu64,+rdrand'],
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  hvf: ['-accel', 'hvf', '-cpu', 'host'],
  // With an interrupt controller of its own, WHPX loses the interrupts of virtio devices.
  whpx: ['-accel', 'whpx,kernel-irqchip=off', '-cpu', 'max'],
}

/** The same machine for the hand: a line for a POSIX shell, with the console in the terminal. */
export function shellLine(spec: MachineSpec): string {
  return [PROGRAM, ...commandLine(spec, 'terminal')].map(quote).join(' ')
}

function medium({ medium }: MachineSpec): string[] {
  if (medium === undefined) return []
  const drive = `if=none,id=iso,format=raw,readonly=on,file=${commas(medium.file)}`
  switch (medium.as) {
    case 'ide-cd':
    case 'sata-cd':
      // One word for both: the first drive of the machine's own controller, IDE on a pc, AHCI on a q35.
      return ['-drive', `${drive},media=cdrom`, '-device', 'ide-cd,id=medium,drive=iso,bootindex=1']
    case 'usb-stick':
      return [
        ...['-drive', drive, '-device', 'qemu-xhci,id=usb'],
        ...['-device', 'usb-storage,id=medium,bus=usb.0,drive=iso,removable=on,bootindex=1'],
      ]
  }
}

function direct({ direct }: MachineSpec): string[] {
  if (direct === undefined) return []
  return ['-kernel', direct.kernel, '-initrd', direct.initramfs, '-append', direct.append]
}

/** What the disks are connected to, where the machine has no such thing of its own. */
function controllers({ medium, disks = [] }: MachineSpec): string[] {
  const has = (kind: Disk['as']) => disks.some(({ as }) => as === kind)
  return [
    ...(has('sata') ? ['-device', 'ich9-ahci,id=sata'] : []),
    // Not `scsi`: each USB disk has a bus that QEMU calls scsi.0.
    ...(has('scsi') ? ['-device', 'virtio-scsi-pci,id=virtio-scsi'] : []),
    // A stick that the machine boots from has brought it.
    ...(has('usb') && medium?.as !== 'usb-stick' ? ['-device', 'qemu-xhci,id=usb'] : []),
  ]
}

function disk(
  { file, format, as = 'virtio', discard = false, cache, aio }: Disk,
  index: number,
  disks: Disk[],
): string[] {
  const drive = (where: string) => {
    const words = [
      ...[where, `format=${format}`],
      ...(discard ? ['discard=unmap'] : []),
      ...(cache === undefined ? [] : [`cache=${cache}`]),
      ...(aio === undefined ? [] : [`aio=${aio}`]),
      `file=${commas(file)}`,
    ]
    return ['-drive', words.join(',')]
  }
  if (as === 'virtio' || as === 'ide') return drive(`if=${as}`)
  const id = `disk${index}`
  const before = disks.slice(0, index).filter((other) => other.as === as).length
  return [...drive(`if=none,id=${id}`), ...DEVICES[as](id, before).flatMap((device) => ['-device', device])]
}

/** The devices for a drive, by its kind and how many of the kind there are before it. */
const DEVICES = {
  sata: (id: string, before: number) => [`ide-hd,bus=sata.${before},drive=${id}`],
  scsi: (id: string) => [`scsi-hd,bus=virtio-scsi.0,drive=${id}`],
  nvme: (id: string) => [`nvme,serial=${id},drive=${id}`],
  sd: (id: string) => ['sdhci-pci', `sd-card,drive=${id}`],
  usb: (id: string) => [`usb-storage,bus=usb.0,drive=${id}`],
}

function nic({ network = true, forward = [] }: MachineSpec): string {
  const card = 'model=virtio-net-pci'
  if (network === false) return 'none'
  if (network === true) return ['user', card, ...forward.map(hostfwd)].join(',')
  if ('bridge' in network) return `bridge,br=${commas(network.bridge)},${card}`
  if ('cable' in network) {
    const { port, peer } = network.cable
    // Each end has an address of its own; QEMU gives all machines the same.
    const mac = `mac=52:54:00:00:${port.toString(16).padStart(4, '0').replace(/..$/, ':$&')}`
    return `socket,udp=127.0.0.1:${peer},localaddr=127.0.0.1:${port},${card},${mac}`
  }
  return `tap,ifname=${commas(network.tap)},script=no,downscript=no,${card}`
}

function hostfwd({ host, guest, protocol = 'tcp' }: NonNullable<MachineSpec['forward']>[number]): string {
  return `hostfwd=${protocol}:127.0.0.1:${host}-:${guest}`
}

function sharedFolder({ path, tag, readOnly }: NonNullable<MachineSpec['folders']>[number]): string[] {
  // none: owners and modes are the host's own, and what QEMU's user may not set stays as it is.
  const words = [`local,path=${commas(path)}`, `mount_tag=${commas(tag)}`, 'security_model=none']
  return ['-virtfs', [...words, 'multidevs=remap', ...(readOnly ? ['readonly=on'] : [])].join(',')]
}

/** Without a screen the firmware speaks on the serial line, where it is read: No bootable device. */
function firmwareConsole(console: Console): string {
  const unseen = console !== 'terminal' && 'pidFile' in console && (console.display ?? 'none') === 'none'
  return unseen ? ',graphics=off' : ''
}

function consoleArguments(console: Console): string[] {
  if (console === 'terminal') return ['-nographic']
  if ('pidFile' in console) return unattended(console)
  // wait=on: the machine starts when somebody listens, so that no byte is lost.
  const socket = `socket,id=console,server=on,wait=on,path=${commas(console.socket)}`
  return [
    ...['-display', 'none', '-monitor', 'none', '-no-reboot'],
    ...['-chardev', `${socket},logfile=${commas(console.log)},logappend=off`, '-serial', 'chardev:console'],
    ...['-qmp', `unix:${commas(console.qmp)},server=on,wait=off`],
  ]
}

function unattended({ file, qmp, pidFile, name, uuid, display = 'none' }: Unattended): string[] {
  const place = typeof qmp === 'string' ? `unix:${commas(qmp)}` : `tcp:127.0.0.1:${qmp.port}`
  return [
    ...['-name', commas(name), '-uuid', uuid, '-pidfile', pidFile],
    ...['-display', display, '-monitor', 'none'],
    // From its medium or not at all: never from whatever the network offers.
    ...['-boot', 'strict=on'],
    ...['-chardev', `file,id=console,path=${commas(file)}`, '-serial', 'chardev:console'],
    ...['-qmp', `${place},server=on,wait=off`],
  ]
}

/** In QEMU's own lists a comma inside a value is written twice. */
function commas(value: string): string {
  return value.replaceAll(',', ',,')
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
