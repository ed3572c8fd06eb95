import { Problem } from '@boot2podman/kit'
import type { Machine } from './machine.ts'
import { outcome } from './processes.ts'

interface Connection {
  Name: string
  URI: string
  Identity?: string
}

/**
 * Tells the podman of this computer, if there is one, of a machine: `podman --connection NAME`. A connection of this name
 * that is somebody else's stays as it is.
 */
export async function addConnection(
  machine: Machine,
  url: string,
  key: string,
  say: (line: string) => void,
): Promise<void> {
  await oneAtATime(async () => {
    const all = await connections()
    if (!all) return
    const there = all.find(({ Name }) => Name === machine.name)
    if (there && sameAs(there, url, key)) return
    if (there && !isOurs(there, machine)) {
      say(`podman has a connection "${machine.name}" already, to ${there.URI}: it stays as it is`)
      return
    }
    if (there) await podman('remove', machine.name)
    const identity = key === '' ? [] : ['--identity', key]
    const { code, stderr } = await podman('add', ...identity, machine.name, url)
    if (code !== 0) say(`podman system connection add: ${stderr.trim()}`)
  })
}

/** Takes it away again, if it is this machine's. */
export async function removeConnection(
  machine: Pick<Machine, 'name' | 'files'>,
  url?: string,
): Promise<void> {
  await oneAtATime(async () => {
    const there = (await connections())?.find(({ Name }) => Name === machine.name)
    if (there && (isOurs(there, machine) || there.URI === url)) await podman('remove', machine.name)
  })
}

function sameAs({ URI, Identity = '' }: Connection, url: string, key: string): boolean {
  return URI === url && Identity === key
}

/** Its key lies in the machine's folder. */
function isOurs({ Identity = '' }: Connection, { files }: Pick<Machine, 'files'>): boolean {
  return Identity.startsWith(files.folder)
}

async function connections(): Promise<Connection[] | undefined> {
  try {
    const { code, stdout } = await podman('list', '--format', 'json')
    return code === 0 ? JSON.parse(stdout) : undefined
  } catch (error) {
    // No podman, no connections.
    if (error instanceof Problem || error instanceof SyntaxError) return undefined
    throw error
  }
}

function podman(verb: string, ...args: string[]) {
  return outcome('podman', ['system', 'connection', verb, ...args])
}

let last: Promise<unknown> = Promise.resolve()

/** podman reads its list and writes it anew: two at the same time would forget one. */
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const next = last.then(work)
  last = next.catch(() => {})
  return next
}
