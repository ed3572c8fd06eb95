import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Qmp } from '@boot2podman/qemu'
import { isAlive } from '../process-start.ts'
import { commandOf } from './command-of.ts'
import { type Place, withMonitor } from './monitor.ts'

/** A QEMU that was started once, maybe by another podman-machine, and may run now. */
export interface Instance {
  /** The machine's own, by which its QEMU is known from all other processes. */
  uuid: string
  monitor: Place
  /** The file that QEMU writes its process's number to. */
  pid: string
}

/** Of one that runs, but does not say how. */
export const NO_ANSWER = 'no answer'

/** What QEMU calls its machine's state; undefined when it does not run. */
export async function status(instance: Instance): Promise<string | undefined> {
  const told = await withMonitor(instance.monitor, instance.uuid, (qmp) => qmp.execute('query-status'))
  if (told !== undefined) return (told as { status: string }).status
  // One that does not answer is not gone.
  return (await processOf(instance)) === undefined ? undefined : NO_ANSWER
}

export async function isRunning(instance: Instance): Promise<boolean> {
  return (await status(instance)) !== undefined
}

/** Presses the power button. */
export async function powerDown({ monitor, uuid }: Instance): Promise<void> {
  await withMonitor(monitor, uuid, async (qmp) => {
    // A machine that was paused does not feel it.
    await wake(qmp)
    await qmp.execute('system_powerdown')
  })
}

/** Lets a machine go on that was paused or sleeps. False: it is neither. */
export async function goOn({ monitor, uuid }: Instance): Promise<boolean> {
  return (await withMonitor(monitor, uuid, wake)) ?? false
}

async function wake(qmp: Qmp): Promise<boolean> {
  const { status } = (await qmp.execute('query-status')) as { status: string }
  if (status === 'paused') await qmp.execute('cont')
  else if (status === 'suspended') await qmp.execute('system_wakeup')
  else return false
  return true
}

/** Pulls the plug: QEMU ends by itself, else by a signal. */
export async function quit(instance: Instance): Promise<void> {
  const pid = await processOf(instance)
  // It may end before it answers.
  const heard = await withMonitor(instance.monitor, instance.uuid, async (qmp) => {
    await qmp.execute('quit').catch(() => {})
    return true
  })
  if (await isGone(instance, heard ? 5 : 0)) return
  const same = await processOf(instance)
  if (same !== undefined && same === pid) process.kill(same, 'SIGKILL')
  await isGone(instance, 5)
}

/** Waits until it does not run any more. False: it still does. */
export async function isGone(instance: Instance, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(100)) {
    if (!(await isThere(instance))) return true
    if (Date.now() > end) return false
  }
}

/** As isRunning, without a word to QEMU where its process can be told. */
async function isThere(instance: Instance): Promise<boolean> {
  return process.platform === 'win32' ? await isRunning(instance) : (await processOf(instance)) !== undefined
}

/** The number of its process. What the file says may be another's by now: its command line must have our UUID. */
async function processOf({ pid, uuid }: Instance): Promise<number | undefined> {
  const number = Number(await readFile(pid, 'utf8').catch(() => ''))
  if (!Number.isSafeInteger(number) || number <= 1 || !isAlive(number)) return undefined
  return (await commandOf(number)).includes(uuid) ? number : undefined
}
