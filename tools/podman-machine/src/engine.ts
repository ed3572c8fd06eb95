import type { Driver, Engine } from './drivers/driver.ts'
import type { Machine } from './machine.ts'

/** Where Podman's API of a machine is. */
export function engineOf(machine: Machine, driver: Driver): Engine {
  return driver.engine?.(machine) ?? { user: 'root', socket: '/run/podman/podman.sock' }
}

/** As `podman --remote --url` wants it. */
export function engineUrl(host: string, port: number, { user, socket }: Engine): string {
  return `ssh://${user}@${host.includes(':') ? `[${host}]` : host}:${port}${socket}`
}
