import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@boot2podman/kit'
import { inBackground } from '../processes.ts'
import { type Instance, NO_ANSWER, quit, status } from './instance.ts'

interface Launch {
  program: string
  args: string[]
  /** In which it is started: its arguments may name files as they are named there. */
  folder: string
}

/** Where QEMU's own complaints go. */
export const COMPLAINTS = 'qemu.log'

/** QEMU listens within a second; on a computer that is very busy, later. */
const PATIENCE = 60_000

/** Starts QEMU so that it outlives this program and its terminal. Returns when it takes commands. */
export async function launch(instance: Instance, { program, args, folder }: Launch): Promise<void> {
  const complaints = join(folder, COMPLAINTS)
  const child = await inBackground(program, args, complaints, folder)
  for (const end = performance.now() + PATIENCE; ; await sleep(50)) {
    // It says who it is before it listens, and may still end then.
    const said = await status(instance)
    if (said !== undefined && said !== NO_ANSWER) return
    if (child.exitCode !== null || child.signalCode !== null) {
      throw explain(program, await readFile(complaints, 'utf8'), child.signalCode)
    }
    if (performance.now() < end) continue
    await quit(instance)
    throw new Problem({ where: program, what: `runs, but took no commands within ${PATIENCE / 1000} s` })
  }
}

/** QEMU's last words, as a Problem with a way out where there is one. */
export function explain(program: string, complaints: string, signal: string | null): Problem {
  const [, fix] = HINTS.find(([pattern]) => pattern.test(complaints)) ?? []
  const last = complaints.trim().split('\n').slice(-5).join('\n')
  const what = last || (signal === null ? 'has ended at once' : `was ended by ${signal}`)
  return new Problem({ where: program, what, ...(fix !== undefined && { fix }) })
}

const HINTS: [RegExp, string][] = [
  [
    /Could not set up host forwarding rule/,
    'another program uses that port of this host: end it, or publish another',
  ],
  [
    /Failed to get (shared )?"write" lock/,
    'another QEMU uses this disk: is the machine started by somebody else?',
  ],
  [/[Cc]annot (set up guest memory|allocate memory)/, 'give it less: podman-machine set --memory MB'],
  [
    /failed to initialize|[Ii]nvalid accelerator|Could not access KVM/,
    'without hardware acceleration: B2P_ACCEL=tcg',
  ],
]
