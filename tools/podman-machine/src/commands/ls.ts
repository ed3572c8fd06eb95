import { type Chosen, chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { formatRows } from '../format-rows.ts'
import { type Filter, matches, parseFilters } from '../ls-filter.ts'
import { type BrokenMachine, list, type Machine } from '../machine.ts'
import { stateOf } from '../states.ts'

/** A line of `ls`, by the names that --format knows. */
export interface Row {
  Name: string
  Active: string
  ActiveHost: boolean
  DriverName: string
  State: string
  URL: string
  EngineOptions: unknown
  Error: string
  ResponseTime: number
}

export const ls: Command = {
  usage: 'ls [options]',
  does: 'List machines',
  more: `Filters: driver=qemu, state=Running, name=REGEX, label=KEY=VALUE; those of one key are alternatives.
Format: a Go template with .Name .Active .ActiveHost .DriverName .State .URL .EngineOptions .Error .ResponseTime; "table" before it makes columns.`,
  options: [
    { name: 'quiet', short: 'q', does: 'names only' },
    { name: 'filter', value: 'KEY=VALUE', list: true, does: 'only some of them' },
    {
      name: 'timeout',
      short: 't',
      value: 'SECONDS',
      default: '10',
      does: 'how long a machine may take to answer',
    },
    { name: 'format', short: 'f', value: 'TEMPLATE', does: 'lines of another form' },
    { name: 'json', does: 'as JSON, for programs' },
  ],
  examples: ['podman-machine ls', `podman-machine ls --filter state=Running --format '{{.Name}}'`],
  words: [0, 0],
  async run({ store, values }) {
    const filters = parseFilters(values.list('filter'))
    const timeout = values.whole('timeout', 1)
    const machines = (await list(store)).filter((machine) => mayMatch(machine, filters))
    // What is asked for by its name alone needs no look at the machines.
    const bare = values.flag('quiet') && !filters.some(({ key }) => key === 'state')
    const rows = bare
      ? machines.map(({ name }) => ({ Name: name }))
      : (await Promise.all(machines.map((machine) => look(machine, timeout)))).filter((row) =>
          matches(filters, 'state', [row.State]),
        )
    if (values.flag('quiet')) for (const { Name } of rows) console.log(Name)
    else if (values.flag('json')) console.log(JSON.stringify(rows, null, 2))
    else for (const line of formatRows(rows as Row[], values.text('format'))) console.log(line)
  },
}

function mayMatch(machine: Machine | BrokenMachine, filters: readonly Filter[]): boolean {
  const config = 'config' in machine ? machine.config : undefined
  return (
    matches(filters, 'name', [machine.name]) &&
    matches(filters, 'driver', [config?.DriverName ?? 'not found']) &&
    matches(filters, 'label', config?.HostOptions?.EngineOptions?.Labels ?? [])
  )
}

async function look(machine: Machine | BrokenMachine, timeout: number): Promise<Row> {
  const begin = performance.now()
  const row = {
    Name: machine.name,
    Active: '-',
    ActiveHost: false,
    DriverName: 'not found',
    State: 'Error',
    URL: '',
    EngineOptions: null as unknown,
    Error: '',
    ResponseTime: 0,
  }
  try {
    if ('problem' in machine) throw machine.problem
    const { DriverName, HostOptions, Created } = machine.config
    Object.assign(row, { DriverName, EngineOptions: HostOptions?.EngineOptions ?? null })
    const one: Chosen = await chosen({ store: machine.store }, machine.name)
    row.State = await stateOf(one, timeout)
    row.ActiveHost = row.State === 'Running' && process.env.PODMAN_MACHINE_NAME === machine.name
    row.Active = row.ActiveHost ? '*' : '-'
    if (row.State === 'Running') row.URL = await one.driver.url(machine)
    if (!Created) row.Error = `its creation was broken off: start goes on with it, rm takes it away`
  } catch (error) {
    // One that cannot be asked must not hide the others.
    row.Error = (error as Error).message.replace(/\n\s*/g, '; ')
    row.State = 'Error'
  }
  row.ResponseTime = Math.round(performance.now() - begin)
  return row
}
