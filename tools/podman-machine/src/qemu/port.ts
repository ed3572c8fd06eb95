import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { Problem } from '@boot2podman/kit'
import { UsageProblem } from '../usage-problem.ts'

/** Ports of this host that may be used for a machine's SSH: the first and the last. */
export type PortRange = [number, number]

/** `2200-2300`; empty: any. */
export function parsePortRange(text: string): PortRange | undefined {
  if (text === '') return undefined
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []
  const range: PortRange = [Number(first), Number(last)]
  if (range[0] >= 1 && range[1] <= 65535 && range[0] <= range[1]) return range
  throw new UsageProblem({
    where: '--qemu-localports',
    what: `"${text}" is no range of ports`,
    fix: 'expected MIN-MAX, such as 2200-2300',
  })
}

/** A port of the loopback that nobody listens on now, of the range if there is one. */
export async function freePort(range?: PortRange): Promise<number> {
  const [first, last] = range ?? [0, 0]
  for (let port = first; port <= last; port++) {
    const found = await tryPort(port)
    if (typeof found === 'number') return found
  }
  throw new Problem({
    where: '--qemu-localports',
    what: `all ports from ${first} to ${last} are taken`,
    fix: 'end what uses one of them, or make a machine with another range',
  })
}

/** Why nobody can listen on this port of the loopback; undefined: somebody can. */
export async function whyNotFree(port: number): Promise<string | undefined> {
  const found = await tryPort(port)
  if (typeof found === 'number') return undefined
  return found === 'EACCES' ? 'is not for this user: take one from 1024 on' : 'is taken by another program'
}

/** Listens for a moment. The port, or why not. */
async function tryPort(port: number): Promise<number | string> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  } finally {
    server.close()
  }
}
