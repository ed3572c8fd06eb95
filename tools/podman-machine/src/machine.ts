import { chmod, readdir, readFile } from 'node:fs/promises'
import { Problem, writeAtomic } from '@boot2podman/kit'
import type { DriverSettings } from './drivers/driver.ts'
import { type MachineFiles, machineFiles, type Store } from './files.ts'
import { makeFolder } from './make-folder.ts'

/** Of config.json, whose names are docker-machine's. */
export const CONFIG_VERSION = 4

export interface Config<S extends DriverSettings = DriverSettings> {
  ConfigVersion: typeof CONFIG_VERSION
  Name: string
  DriverName: string
  /** False while `create` is at work on it, and after one that was broken off. */
  Created: boolean
  Driver: S
  HostOptions: HostOptions
}

/** What `create` was told about the engine: kept, and shown by `inspect`. */
export interface HostOptions {
  EngineOptions: {
    ArbitraryFlags: readonly string[]
    Env: readonly string[]
    InsecureRegistry: readonly string[]
    InstallURL: string
    Labels: readonly string[]
    RegistryMirror: readonly string[]
    StorageDriver: string
  }
  AuthOptions: { ServerCertSANs: readonly string[] }
}

export interface Machine<S extends DriverSettings = DriverSettings> {
  name: string
  store: Store
  files: MachineFiles
  config: Config<S>
}

/** A machine of the store that cannot be used, and why. */
export interface BrokenMachine {
  name: string
  store: Store
  files: MachineFiles
  problem: Problem
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9\-.]*$/

export function checkName(name: string): void {
  if (NAME.test(name)) return
  throw new Problem({
    where: 'Error',
    what: `Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -`,
    fix: `"${name}" has to begin with a letter or a digit, and to go on with those`,
  })
}

/** One machine of the store. None, or one that cannot be used, is a Problem. */
export async function load(store: Store, name: string): Promise<Machine> {
  checkName(name)
  const files = machineFiles(store, name)
  let text: string
  try {
    text = await readFile(files.config, 'utf8')
  } catch (error) {
    throw await whyNot(files, name, error as NodeJS.ErrnoException)
  }
  return { name, store, files, config: parseConfig(text, files.config, name) }
}

/** All machines, sorted as a person would: box2 before box10. Those that cannot be used are among them. */
export async function list(store: Store): Promise<(Machine | BrokenMachine)[]> {
  const names = (await machineNames(store)).sort(natural)
  return await Promise.all(
    names.map(async (name) => {
      try {
        return await load(store, name)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return { name, store, files: machineFiles(store, name), problem: error }
      }
    }),
  )
}

/** Writes config.json: a reader or a crash finds the old one or the new one. */
export async function save(machine: Machine): Promise<void> {
  const { folder, config } = machine.files
  try {
    await makeFolder(folder)
    await writeAtomic(config, `${JSON.stringify(machine.config, null, 4)}\n`)
    await chmod(config, 0o600)
  } catch (error) {
    throw cannotWrite(machine.store, error as NodeJS.ErrnoException)
  }
}

/** What a failed write into the store means for the user. Errors that are no system's stay as they are. */
export function cannotWrite(store: Store, error: NodeJS.ErrnoException): Error {
  const why = WRITING[error.code ?? '']
  if (why === undefined) return error
  return new Problem({
    where: error.path ?? store.folder,
    what: `cannot be written: ${why}`,
    fix: `the store is ${store.folder}; another one: podman-machine --storage-path FOLDER, or MACHINE_STORAGE_PATH`,
  })
}

const WRITING: Record<string, string> = {
  EROFS: 'its disk is read-only',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ENOSPC: 'its disk is full',
  EDQUOT: "the user's share of its disk is used up",
  ENOTDIR: 'a part of its path is no folder',
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Sorts names as a person would. */
export function natural(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1)
}

async function machineNames({ machines }: Store): Promise<string[]> {
  try {
    const entries = await readdir(machines, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map(({ name }) => name)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new Problem({
      where: machines,
      what: `cannot be read: ${message}`,
      fix: 'another store: podman-machine --storage-path FOLDER',
    })
  }
}

async function whyNot(files: MachineFiles, name: string, error: NodeJS.ErrnoException): Promise<Error> {
  if (error.code !== 'ENOENT') {
    return new Problem({ where: files.config, what: `cannot be read: ${error.message}` })
  }
  const folder = await readdir(files.folder).catch(() => undefined)
  if (folder === undefined) {
    return new Problem({
      where: 'Error',
      what: `Podman machine "${name}" does not exist. Use "podman-machine ls" to list machines. Use "podman-machine create" to add a new one.`,
    })
  }
  return new Problem({
    where: files.config,
    what: 'not found: the creation of this machine was broken off',
    fix: `to take away what is there: podman-machine rm ${name}`,
  })
}

function parseConfig(text: string, file: string, name: string): Config {
  const fix = `mend it, or take the machine away: podman-machine rm --force ${name}`
  let config: Partial<Config> | null
  try {
    config = JSON.parse(text)
  } catch (error) {
    throw new Problem({ where: file, what: `is not JSON: ${(error as Error).message}`, fix })
  }
  const version = config?.ConfigVersion as unknown
  if (version !== CONFIG_VERSION) {
    throw new Problem({
      where: file,
      what: `has ConfigVersion ${JSON.stringify(version)}; this podman-machine reads ${CONFIG_VERSION}`,
      fix: `use it with the podman-machine that made it, or take it away: podman-machine rm --force ${name}`,
    })
  }
  const wrong = mistakes(config as Partial<Config>, name)
  if (wrong.length > 0) throw new Problem({ where: file, what: wrong.join('; '), fix })
  return config as Config
}

function mistakes(config: Partial<Config>, name: string): string[] {
  const { Driver } = config
  return [
    ...(config.Name === name ? [] : [`Name is ${JSON.stringify(config.Name)}, not "${name}"`]),
    ...(typeof config.DriverName === 'string' ? [] : ['DriverName is not a text']),
    ...(typeof config.Created === 'boolean' ? [] : ['Created is not true or false']),
    ...(typeof Driver === 'object' && Driver !== null ? [] : ['Driver is missing']),
  ]
}
