import { isKnownHost } from './known-hosts.ts'
import { freePort, type PortRange, whyNotFree } from './qemu/port.ts'

const TRIES = 20

/**
 * A free port of the loopback for a machine's SSH. If there is a choice, none that a former machine had with which this user's
 * `podman --remote` spoke: it would take the new machine for a forgery.
 */
export async function sshPort(range?: PortRange): Promise<number> {
  const [first, last] = range ?? [1, TRIES]
  for (let port = first; port <= last; port++) {
    if (range && (await whyNotFree(port)) !== undefined) continue
    const candidate = range ? port : await freePort()
    if (!(await isKnownHost('127.0.0.1', candidate))) return candidate
  }
  return await freePort(range)
}
