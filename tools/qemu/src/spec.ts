/** A machine, as somebody would order it. What is left out is as `commandLine` says. */
export interface MachineSpec {
  /** An ISO, and what it is put into: a CD drive on IDE (as QEMU's -cdrom), one on SATA, or a USB stick. */
  medium?: { file: string; as: 'ide-cd' | 'sata-cd' | 'usb-stick' }
  /** Boots this instead of the medium, which stays in its drive. */
  direct?: { kernel: string; initramfs: string; append: string }
  /** In MB. */
  memory: number
  cpus?: number
  /** In this order. */
  disks?: Disk[]
  /** What the machine's firmware hands to the system: names, such as opt/org.example/key, and their texts. */
  fwCfg?: Record<string, string>
  /** What the machine's clock says at the start, as QEMU's `-rtc base=`: utc, or a time such as 2006-06-17T16:01:21. */
  rtc?: string
  /**
   * False: no network card. True, as when left out: QEMU's user network on its other side. Or something of the host's. Or
   * another machine alone, as by a cable: each has a port of the loopback, UDP, for what comes in.
   */
  network?: boolean | { bridge: string } | { tap: string } | { cable: { port: number; peer: number } }
  /** Ports of the host's loopback, TCP unless it is said, that lead to ports of the machine on QEMU's user network. */
  forward?: { host: number; guest: number; protocol?: 'tcp' | 'udp' }[]
  /** Folders of the host's, which the machine may mount by their tags (9p). */
  folders?: { path: string; tag: string; readOnly?: boolean }[]
  accelerator?: 'kvm' | 'hvf' | 'whpx' | 'tcg'
}

export interface Disk {
  file: string
  format: 'raw' | 'qcow2'
  /** What it is connected to: virtio when left out. Those of one kind share a controller; each SD card has a slot of its own. */
  as?: 'virtio' | 'ide' | 'sata' | 'scsi' | 'nvme' | 'sd' | 'usb'
  /** Blocks that the system discards are given back to the host. */
  discard?: boolean
  /** QEMU's `cache=` and `aio=`; its own when left out. */
  cache?: string
  aio?: string
}
