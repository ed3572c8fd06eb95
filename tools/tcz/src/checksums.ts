/** `NAME.tcz.md5.txt`: what `md5sum NAME.tcz` prints; Tiny Core's tools compare the whole line. */
export function formatMd5(name: string, hex: string): string {
  return `${hex}  ${name}.tcz\n`
}

/** `NAME.tcz.sha256`: what `sha256sum NAME.tcz` prints. */
export const formatSha256 = formatMd5
