import { Problem } from '@boot2podman/kit'
import type { Driver } from './driver.ts'

const DRIVERS: Record<string, () => Promise<unknown>> = {
  qemu: async () => (await import('./qemu.ts')).qemu,
  virtualbox: async () => (await import('./virtualbox.ts')).virtualbox,
  generic: async () => (await import('./generic.ts')).generic,
  none: async () => (await import('./none.ts')).none,
}

export const driverNames: readonly string[] = Object.keys(DRIVERS)

/** A driver by its name. */
export async function findDriver(name: string): Promise<Driver> {
  const load = Object.hasOwn(DRIVERS, name) ? DRIVERS[name] : undefined
  if (load) return (await load()) as Driver
  throw new Problem({
    where: 'Error',
    what: `Driver "${name}" not found.`,
    fix: `known: ${driverNames.join(', ')}`,
  })
}

/** All of them, in the order of the help. */
export async function allDrivers(): Promise<Driver[]> {
  return await Promise.all(driverNames.map(findDriver))
}
