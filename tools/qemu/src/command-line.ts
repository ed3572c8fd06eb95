import type { MachineSpec } from './spec.ts'

/** Where the serial console goes: to the terminal, or to a socket with a log of all that was written to it. */
export type Console = 'terminal' | { socket: string; log: string; qmp: string }

export const PROGRAM = 'qemu-system-x86_64'

/** The arguments for QEMU: two processors, emulated, one virtio network card whose other side is QEMU's user network. */
export function commandLine(spec: MachineSpec, console: Console): string[] {
  const { memory, cpus = 2, accelerator = 'tcg', disks = [], forward = [] } = spec
  return [
    ...['-machine', spec.medium?.as === 'sata-cd' ? 'q35' : 'pc'],
    // Emulated, QEMU's own plain processor is quicker than the one that can do everything. It lacks one thing that every
    // real one has, random numbers: any system would spend a second of its boot on gathering them.
    ...['-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : 'qemu64,+rdrand'],
    ...['-smp', String(cpus), '-m', String(memory)],
    ...medium(spec),
    ...direct(spec),
    ...disks.flatMap(({ file, format }) => ['-drive', `if=virtio,format=${format},file=${commas(file)}`]),
    ...['-nic', ['user', 'model=virtio-net-pci', ...forward.map(hostfwd)].join(',')],
    ...consoleArguments(console),
  ]
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
        ...['-drive', drive, '-device', 'qemu-xhci'],
        ...['-device', 'usb-storage,id=medium,drive=iso,removable=on,bootindex=1'],
      ]
  }
}

function direct({ direct }: MachineSpec): string[] {
  if (direct === undefined) return []
  return ['-kernel', direct.kernel, '-initrd', direct.initramfs, '-append', direct.append]
}

function hostfwd({ host, guest }: { host: number; guest: number }): string {
  return `hostfwd=tcp:127.0.0.1:${host}-:${guest}`
}

function consoleArguments(console: Console): string[] {
  if (console === 'terminal') return ['-nographic']
  // wait=on: the machine starts when somebody listens, so that no byte is lost.
  const socket = `socket,id=console,server=on,wait=on,path=${commas(console.socket)}`
  return [
    ...['-display', 'none', '-monitor', 'none', '-no-reboot'],
    ...['-chardev', `${socket},logfile=${commas(console.log)},logappend=off`, '-serial', 'chardev:console'],
    ...['-qmp', `unix:${commas(console.qmp)},server=on,wait=off`],
  ]
}

/** In QEMU's own lists a comma inside a value is written twice. */
function commas(value: string): string {
  return value.replaceAll(',', ',,')
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
