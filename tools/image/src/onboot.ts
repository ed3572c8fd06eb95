/** `onboot.lst`: what is loaded at boot, one `NAME.tcz` a line; what these need is known by their `.dep` files. */
export function formatOnboot(names: readonly string[]): string {
  return names.map((name) => `${name}.tcz\n`).join('')
}
