/** A machine, as somebody would order it. What is left out is as `commandLine` says. */
export interface MachineSpec {
  /** An ISO, and what it is put into: a CD drive on IDE (as QEMU's -cdrom), one on SATA, or a USB stick. */
  medium?: { file: string; as: 'ide-cd' | 'sata-cd' | 'usb-stick' }
  /** Boots this instead of the medium, which stays in its drive. */
  direct?: { kernel: string; initramfs: string; append: string }
  /** In MB. */
  memory: number
  cpus?: number
  /** Virtio disks, in this order. */
  disks?: { file: string; format: 'raw' | 'qcow2' }[]
  /** TCP ports of the host's loopback that lead to ports of the machine. */
  forward?: { host: number; guest: number }[]
  accelerator?: 'kvm' | 'tcg'
}
