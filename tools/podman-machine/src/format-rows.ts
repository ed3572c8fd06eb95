import type { Row } from './commands/ls.ts'
import { compile } from './go-template.ts'

const TABLE = 'table {{.Name}}\\t{{.Active}}\\t{{.DriverName}}\\t{{.State}}\\t{{.URL}}\\t{{.Error}}'

/** What stands above a column. */
const HEADER: Record<keyof Row, string> = {
  Name: 'NAME',
  Active: 'ACTIVE',
  ActiveHost: 'ACTIVE_HOST',
  DriverName: 'DRIVER',
  State: 'STATE',
  URL: 'URL',
  EngineOptions: 'ENGINE_OPTIONS',
  Error: 'ERRORS',
  ResponseTime: 'RESPONSE',
}

/** The lines of `ls`. A format that begins with `table` makes columns with a header, three blanks apart. */
export function formatRows(rows: readonly Row[], format: string): string[] {
  const isTable = format === '' || format.startsWith('table')
  const text = (format || TABLE)
    .replace(/^table\s*/, '')
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n')
  const template = compile(text, '--format')
  const lines = [...(isTable ? [HEADER] : []), ...rows].map((row) => template(row))
  return isTable ? columns(lines.map((line) => line.split('\t'))) : lines
}

function columns(rows: string[][]): string[] {
  const count = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  )
  return rows.map((row) =>
    row.map((cell, index) => (index === count - 1 ? cell : cell.padEnd((widths[index] ?? 0) + 3))).join(''),
  )
}
