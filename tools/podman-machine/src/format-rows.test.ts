import { expect, test } from 'vitest'
import type { Row } from './commands/ls.ts'
import { formatRows } from './format-rows.ts'

const rows: Row[] = [
  {
    Name: 'box',
    Active: '*',
    ActiveHost: true,
    DriverName: 'qemu',
    State: 'Running',
    URL: 'tcp://127.0.0.1',
    EngineOptions: { Labels: [] },
    Error: '',
    ResponseTime: 12,
  },
  {
    Name: 'another',
    Active: '-',
    ActiveHost: false,
    DriverName: 'not found',
    State: 'Error',
    URL: '',
    EngineOptions: null,
    Error: 'config.json: is not JSON',
    ResponseTime: 1,
  },
]

test('columns, three blanks apart', () => {
  expect(formatRows(rows, '')).toEqual([
    'NAME      ACTIVE   DRIVER      STATE     URL               ERRORS',
    'box       *        qemu        Running   tcp://127.0.0.1   ',
    'another   -        not found   Error                       config.json: is not JSON',
  ])
  expect(formatRows([], '')).toEqual(['NAME   ACTIVE   DRIVER   STATE   URL   ERRORS'])
})

test('a format has no header, unless it begins with table', () => {
  expect(formatRows(rows, '{{.Name}}: {{.State}}')).toEqual(['box: Running', 'another: Error'])
  expect(formatRows(rows, 'table {{.Name}}\\t{{.ResponseTime}}')).toEqual([
    'NAME      RESPONSE',
    'box       12',
    'another   1',
  ])
  expect(formatRows(rows.slice(0, 1), '{{.Name}}\\t{{.ActiveHost}}\\n')).toEqual(['box\ttrue\n'])
})
