import { copyFile, link, rename, rm } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'
import type { Progress } from '../drivers/driver.ts'
import type { MachineFiles, Store } from '../files.ts'
import { fetchIso, type Iso, isIso, placeIso } from './cache.ts'

/** The images that a machine's configuration names. */
export interface Images {
  ISO?: Iso
  PreviousISO?: Iso
}

/** Gives a new machine its image. */
export async function takeIso(
  store: Store,
  files: MachineFiles,
  source: string,
  progress: Progress,
): Promise<Iso> {
  const iso = await fetchIso(store, source, progress)
  await placeIso(store, iso, files.iso)
  return iso
}

/**
 * Puts what is configured where the machine boots it from. Both are there before: so a tool that is killed leaves at worst the
 * other one of the two in place, which the next start puts right.
 */
export async function ensureIso(
  store: Store,
  files: MachineFiles,
  { ISO, PreviousISO }: Images,
  progress: Progress,
): Promise<void> {
  if (ISO === undefined) {
    throw new Problem({ where: files.config, what: 'names no ISO: the machine was not made to its end' })
  }
  if (await isIso(files.iso, ISO)) return
  // Another's place: an upgrade or a way back is at its last step, maybe of a tool that was killed there.
  const swapped = PreviousISO !== undefined && (await isIso(files.iso, PreviousISO))
  if (await isIso(files.previousIso, ISO)) {
    const former = `${files.iso}.part`
    await rm(former, { force: true })
    if (swapped) await duplicate(files.iso, former)
    await rename(files.previousIso, files.iso)
    if (swapped) await rename(former, files.previousIso)
    return
  }
  if (!swapped) progress.say(`${files.iso}: is damaged or gone: taking a good one`)
  try {
    await placeIso(store, ISO, files.iso)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const again = await fetchIso(store, ISO.Source, progress)
    if (again.SHA256 !== ISO.SHA256) {
      throw new Problem({
        where: files.iso,
        what: `is damaged or gone, and ${ISO.Source} has another image now`,
        fix: 'to take that one: podman-machine upgrade',
      })
    }
    await placeIso(store, ISO, files.iso)
  }
}

/** Keeps the image that is in place as the previous one, so that there is a way back without a cache and without a network. */
export async function keepPrevious(store: Store, files: MachineFiles, iso: Iso): Promise<void> {
  if (await isIso(files.previousIso, iso)) return
  if (!(await isIso(files.iso, iso))) return await placeIso(store, iso, files.previousIso)
  const temporary = `${files.previousIso}.part`
  await rm(temporary, { force: true })
  await duplicate(files.iso, temporary)
  await rename(temporary, files.previousIso)
}

async function duplicate(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to))
}
