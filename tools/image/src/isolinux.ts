import type { Flavour } from './flavour.ts'

/**
 * `isolinux.cfg`: starts by itself after a fifth of a second. A key before that, also on the serial line, gives time to
 * type boot codes behind the name.
 */
export function formatIsolinux({ label, append }: Flavour): string {
  return `serial 0 115200
default ${label}
prompt 1
timeout 2

label ${label}
  kernel /boot/vmlinuz64
  initrd /boot/core.gz
  append ${append}
`
}
