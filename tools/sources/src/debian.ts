import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import type { Package } from '@boot2podman/tcz'
import type { Apt } from './apt.ts'

/** Finds something in the archive's index; when it is not there, in a new index. */
export async function find<T>(apt: Apt, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const found = await look()
  if (found !== undefined) return found
  return (await apt.refresh()) ? look() : undefined
}

/** Downloads; when that fails, tries once more with a new index: a mirror drops what an old one still names. */
export async function download(apt: Apt, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem) || !(await apt.refresh())) throw error
    await work()
  }
}

/** The Problem of a pin that the archive has dropped. `held` is what it has now, if anything. */
export function noLongerHeld(pkg: Package, what: string, held: readonly string[]): Problem {
  return new Problem({
    where: pkg.folder,
    what: `Debian no longer holds ${what}`,
    fix:
      held.length === 0
        ? `it has none at all; look for another suite or name in ${join(pkg.folder, 'tcz.json')}`
        : `it has ${held.join(', ')}; to move the pin: ./b2p pin ${pkg.name}`,
  })
}
