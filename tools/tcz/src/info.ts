/** The facts that a `.info` file tells of a package. */
export interface Info {
  name: string
  version: string
  summary: string
  licence: string
  /** Of the .tcz, in bytes. */
  size: number
  author?: string
  site?: string
  tags?: readonly string[]
  comments?: readonly string[]
}

const COLUMN = 16

/** `NAME.tcz.info`: Tiny Core's 12 fields in their order, values from column 16 on, `n/a` where there is none. */
export function formatInfo(info: Info): string {
  const fields: [string, string | readonly string[] | undefined][] = [
    ['Title', `${info.name}.tcz`],
    ['Description', info.summary],
    ['Version', info.version],
    ['Author', info.author],
    ['Original-site', info.site],
    ['Copying-policy', info.licence],
    ['Size', formatSize(info.size)],
    ['Extension_by', 'boot2podman'],
    ['Tags', info.tags?.join(' ')],
    ['Comments', info.comments],
    ['Change-log', undefined],
    ['Current', undefined],
  ]
  return fields.map(([field, value]) => formatField(field, value)).join('')
}

function formatField(field: string, value: string | readonly string[] | undefined): string {
  const lines = [value ?? []].flat().filter((line) => line !== '')
  const [first = 'n/a', ...more] = lines
  return [`${field}:`.padEnd(COLUMN) + first, ...more.map((line) => ' '.repeat(COLUMN) + line)]
    .map((line) => `${line}\n`)
    .join('')
}

/** As Tiny Core writes sizes: `88K` below a mebibyte, `1.2MB` from there on. */
function formatSize(bytes: number): string {
  const kilobytes = Math.max(1, Math.ceil(bytes / 1024))
  return kilobytes < 1024 ? `${kilobytes}K` : `${(bytes / 1024 / 1024).toFixed(1)}MB`
}
