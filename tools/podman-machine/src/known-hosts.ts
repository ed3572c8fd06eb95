import { homedir } from 'node:os'
import { join } from 'node:path'
import { outcome } from './processes.ts'

/**
 * Whether this user's own list of SSH's hosts names this one. `podman --remote` notes there what it has spoken to, by host and
 * port, and refuses a new machine at the port of a former one: so such a port is not given to a machine.
 */
export async function isKnownHost(host: string, port: number): Promise<boolean> {
  const file = join(homedir(), '.ssh', 'known_hosts')
  const { code } = await outcome('ssh-keygen', ['-F', port === 22 ? host : `[${host}]:${port}`, '-f', file])
  return code === 0
}
