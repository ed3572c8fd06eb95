import { columns } from './columns.ts'
import { formatSize } from './format.ts'
import type { Measured } from './sizes.ts'

/** The heaviest first, all that changed since the build before, and a sum. Of what is the same `most` lines are shown. */
export function sizeTable({ now, before }: Measured, most: number): string {
  const rows = [...new Set([...Object.keys(now), ...Object.keys(before ?? {})])]
    .map((name) => ({
      name,
      bytes: now[name] ?? 0,
      change: change(now[name], before && (before[name] ?? 0)),
    }))
    .sort((one, other) => other.bytes - one.bytes || (one.name < other.name ? -1 : 1))
  const shown = rows.filter((row, index) => index < most || row.change !== '')
  const left = rows.filter((row) => !shown.includes(row))
  const sum = (sizes: Record<string, number>) => Object.values(sizes).reduce((all, bytes) => all + bytes, 0)
  return columns(
    [
      ...shown.map(({ name, bytes, change }) => [formatSize(bytes), change, name]),
      ...(left.length > 0
        ? [[formatSize(left.reduce((all, { bytes }) => all + bytes, 0)), '', `${left.length} others`]]
        : []),
      [formatSize(sum(now)), change(sum(now), before && sum(before)), 'in all'],
    ],
    [0, 1],
  )
}

/** In bytes, as most changes are small. */
function change(now = 0, before: number | undefined): string {
  if (before === undefined || now === before) return ''
  return `${now > before ? '+' : '-'}${Math.abs(now - before)}`
}
