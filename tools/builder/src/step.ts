import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { workFolder } from '@boot2podman/sandbox'
import { startHeartbeat } from './heartbeat.ts'
import { keepResult, takeResult } from './results.ts'
import type { Task } from './task.ts'

/** What a step does, for the reader; its outputs; and how they are made: written into a folder, by their base names. */
export interface Step {
  doing: string
  outputs: readonly [...string[], string]
  make: (folder: string, say: (line: string) => void) => Promise<void>
}

/**
 * Runs one step and tells how it went.
 * Only when all are there they are moved to their places, in order, each at once. A step that Nx gives a hash
 * is not made again when a result under this hash is in the cache.
 */
export async function runStep(
  { root, pkg, say, signal }: Task,
  { doing, outputs, make }: Step,
): Promise<void> {
  const started = Date.now()
  const hash = process.env.NX_TASK_HASH
  await using work = await workFolder()
  const kept = hash === undefined ? undefined : await takeResult(hash, outputs)
  const folder = kept ?? join(work.path, 'outputs')
  if (kept === undefined) {
    await mkdir(folder)
    using heartbeat = startHeartbeat(`${pkg.name}: ${doing}`, say)
    await make(folder, heartbeat.say)
  }
  signal.throwIfAborted()
  for (const output of outputs) await publish(join(folder, basename(output)), join(root, output))
  if (hash !== undefined && kept === undefined) await keepResult(hash, folder)

  const { size } = await stat(join(root, outputs.at(-1) ?? ''))
  const how =
    kept === undefined ? `built in ${Math.round((Date.now() - started) / 1000)} s` : 'from the cache'
  say(`${pkg.name}: ${how}, ${formatSize(size)}`)
}

/** Copies a file so that under its name there is the old one or the new one, never a part. */
async function publish(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  const part = join(dirname(to), `.${basename(to)}.part`)
  try {
    await copyFile(from, part)
    await rename(part, to)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

function formatSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
