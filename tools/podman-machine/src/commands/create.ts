import { rm, stat } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'
import type { Call, Command } from '../command.ts'
import { parseWords } from '../command-line.ts'
import type { Driver } from '../drivers/driver.ts'
import { allDrivers, findDriver } from '../drivers/find.ts'
import { engineSettings } from '../engine-settings.ts'
import { machineFiles } from '../files.ts'
import { formerOptions, globalOptions } from '../global-options.ts'
import { bringUp, makeReady, takeAway } from '../lifecycle.ts'
import { locked } from '../lock.ts'
import {
  CONFIG_VERSION,
  cannotWrite,
  checkName,
  type HostOptions,
  load,
  type Machine,
  save,
} from '../machine.ts'
import type { Option, OptionValues } from '../option.ts'
import { Phases } from '../phases.ts'
import { stateOf } from '../states.ts'
import { UsageProblem } from '../usage-problem.ts'

const general: readonly Option[] = [
  {
    name: 'driver',
    short: 'd',
    value: 'DRIVER',
    env: 'MACHINE_DRIVER',
    default: 'qemu',
    does: 'what runs the machine; create -d DRIVER --help shows its flags',
  },
]

/** Kept in config.json as docker-machine did. What a new machine of ours can be told, it is told (engine-settings.ts). */
const engine: readonly Option[] = [
  { name: 'engine-label', value: 'KEY=VALUE', list: true, does: 'a label, for ls --filter' },
  {
    name: 'engine-insecure-registry',
    value: 'REGISTRY',
    list: true,
    does: 'a registry without TLS',
  },
  {
    name: 'engine-registry-mirror',
    value: 'URL',
    list: true,
    env: 'ENGINE_REGISTRY_MIRROR',
    does: 'asked before docker.io',
  },
  { name: 'engine-opt', value: 'FLAG', list: true, does: 'noted only' },
  {
    name: 'engine-env',
    value: 'NAME=VALUE',
    list: true,
    does: 'HTTP_PROXY, HTTPS_PROXY or NO_PROXY; others are noted only',
  },
  { name: 'engine-install-url', value: 'URL', env: 'MACHINE_ENGINE_INSTALL_URL', does: 'noted only' },
  { name: 'engine-storage-driver', value: 'DRIVER', does: 'noted only' },
  { name: 'tls-san', value: 'NAME', list: true, does: 'noted only' },
]

/** What every driver takes. Those that mean something to a driver are other names of its own flags. */
const common: readonly Option[] = [
  { name: 'memory', value: 'MB', does: 'not decided here with this driver' },
  { name: 'cpus', value: 'N', does: 'not decided here with this driver' },
  { name: 'disk-size', value: 'MB', does: 'not decided here with this driver' },
]

/** `create`, with the flags of the driver that its words name. */
export async function createFor(words: readonly string[]): Promise<Command> {
  const drivers = await allDrivers()
  const foreign = drivers.flatMap(({ options }) => options.map(hide))
  const driver = await findDriver(
    driverName(words, [...globalOptions, ...formerOptions, ...general, ...engine, ...common, ...foreign]),
  )
  const names = driver.options.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  const others = drivers.filter(({ name }) => name !== driver.name)
  const options = [
    ...[...general, ...driver.options],
    ...common.filter(({ name }) => !names.includes(name)),
    ...engine,
    ...others.flatMap((one) => one.options.map(hide)).filter(({ name }) => !names.includes(name)),
  ]
  return {
    usage: 'create [options] NAME',
    does: 'Make a machine and start it',
    more: `The driver is ${driver.name}. Drivers: ${drivers.map(({ name }) => name).join(', ')}.`,
    options,
    examples: [
      'podman-machine create box',
      'podman-machine create --memory 256 --cpus 2 small',
      'podman-machine create -d generic --generic-ip-address 192.168.1.5 server',
    ],
    run: (call) => create(call, driver, others),
  }
}

/** Without its other names, which would be those of the chosen driver's flags, and deaf to the environment. */
function hide({ aliases: _, env: __, default: ___, ...option }: Option): Option {
  return { ...option, hidden: true }
}

function driverName(words: readonly string[], options: readonly Option[]): string {
  try {
    return parseWords(words, options, 'podman-machine create').values.text('driver')
  } catch (error) {
    // It is told when the words are read in earnest.
    if (!(error instanceof UsageProblem)) throw error
    return parseWords([], general, 'podman-machine create').values.text('driver')
  }
}

async function create(call: Call, driver: Driver, others: readonly Driver[]): Promise<void> {
  const { store, values } = call
  const name = onlyName(call.words)
  for (const other of others) {
    const given = other.options.find((option) => values.has(option.name) && !driver.options.includes(option))
    if (!given) continue
    throw new UsageProblem({
      where: `--${given.name}`,
      what: `is a flag of the driver ${other.name}; this machine's is ${driver.name}`,
      fix: `podman-machine create -d ${other.name} ...`,
    })
  }
  const options = hostOptions(values)
  // What cannot be told to a machine is refused before there is one.
  engineSettings(options)
  const machine: Machine = {
    name,
    store,
    files: machineFiles(store, name),
    config: {
      ConfigVersion: CONFIG_VERSION,
      Name: name,
      DriverName: driver.name,
      Created: false,
      Driver: { ...driver.settings(values), MachineName: name, StorePath: store.folder },
      HostOptions: options,
    },
  }
  const phases = new Phases(name)
  for (const { name: flag } of common) {
    const used = driver.options.some(({ aliases = [] }) => aliases.includes(flag))
    if (!used && values.has(flag)) phases.say(`--${flag}: the driver ${driver.name} does not decide it`)
  }
  await locked(
    machine,
    (line) => console.log(line),
    async () => {
      await make(machine, driver, phases)
      await firstStart(machine, driver, phases)
    },
  )
  const summary = phases.summary()
  console.log(`"${name}" is ready${summary.length > 0 ? ' after:' : '.'}`)
  for (const line of summary) console.log(line)
  console.log(`To speak to it from this shell: podman-machine env ${name}`)
}

/** Makes the machine, or leaves nothing of it. */
async function make(machine: Machine, driver: Driver, phases: Phases): Promise<void> {
  const { folder } = machine.files
  if (await stat(folder).catch(() => undefined)) {
    const made = await load(machine.store, machine.name).catch(() => undefined)
    const fix = `its creation was broken off: podman-machine rm ${machine.name} takes it away`
    const what = `Podman machine "${machine.name}" already exists`
    throw new Problem({ where: 'Error', what, ...(!made?.config.Created && { fix }) })
  }
  try {
    await save(machine)
    await driver.create(machine, phases)
    machine.config.Created = true
    await save(machine)
  } catch (error) {
    await takeAway({ machine, driver }).catch(() => {})
    await rm(folder, { recursive: true, force: true }).catch(() => {})
    throw cannotWrite(machine.store, error as NodeJS.ErrnoException)
  }
}

async function firstStart(machine: Machine, driver: Driver, phases: Phases): Promise<void> {
  const one = { machine, driver }
  try {
    // What is there already is not started.
    if (driver.name === 'none' || (await stateOf(one)) === 'Running') await makeReady(one, phases)
    else await bringUp(one, phases)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { name } = machine
    const fix = `podman-machine start ${name} tries again, podman-machine rm -y ${name} takes it away`
    const [first, ...rest] = error.troubles
    if (!first) throw error
    throw new Problem(first, ...rest, { where: 'Error', what: `"${name}" is made, but not ready`, fix })
  }
}

function onlyName(words: readonly string[]): string {
  const [name, ...more] = words
  const fix = 'Usage: podman-machine create [options] NAME'
  if (name === undefined) throw new UsageProblem({ where: 'Error', what: 'No machine name specified', fix })
  if (more.length > 0) {
    throw new UsageProblem({
      where: 'Error',
      what: `Invalid command line. Found extra arguments ${more.join(' ')}`,
      fix,
    })
  }
  checkName(name)
  return name
}

function hostOptions(values: OptionValues): HostOptions {
  return {
    EngineOptions: {
      ArbitraryFlags: values.list('engine-opt'),
      Env: values.list('engine-env'),
      InsecureRegistry: values.list('engine-insecure-registry'),
      InstallURL: values.text('engine-install-url'),
      Labels: values.list('engine-label'),
      RegistryMirror: values.list('engine-registry-mirror'),
      StorageDriver: values.text('engine-storage-driver'),
    },
    AuthOptions: { ServerCertSANs: values.list('tls-san') },
  }
}
