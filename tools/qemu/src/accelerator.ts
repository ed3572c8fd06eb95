import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheFolder, Problem, writeAtomic } from '@boot2podman/kit'
import { start } from './machine.ts'
import type { MachineSpec } from './spec.ts'

export interface Accelerator {
  name: 'kvm' | 'tcg'
  /** For the user to read. */
  why: string
}

const DEVICE = '/dev/kvm'
// A kernel says one of these after all that hangs in a broken KVM; a quiet one says nothing before its console is logged in.
const BOOTED = /Run \S+ as init process|\w+@\w+:\S* ?[$#] /
const SECONDS = 8

/**
 * KVM or plain emulation. That /dev/kvm exists proves nothing: in some nested clouds a kernel hangs in it. So the machine itself
 * is booted with it for some seconds, once for each boot of this host. B2P_ACCEL=kvm or tcg decides without a trial.
 */
export async function accelerator(spec: MachineSpec): Promise<Accelerator> {
  const forced = process.env.B2P_ACCEL
  if (forced === 'kvm' || forced === 'tcg') return { name: forced, why: 'B2P_ACCEL says so' }
  if (forced !== undefined && forced !== '') {
    throw new Problem({
      where: 'B2P_ACCEL',
      what: `"${forced}" is no accelerator`,
      fix: 'expected kvm or tcg',
    })
  }
  const usable = await access(DEVICE, constants.R_OK | constants.W_OK).catch((error: Error) => error)
  if (usable instanceof Error) return { name: 'tcg', why: `${DEVICE} is missing or not for this user` }
  return (await proof(spec))
    ? { name: 'kvm', why: 'a trial boot with it went well' }
    : { name: 'tcg', why: `a trial boot with ${DEVICE} came to nothing` }
}

async function proof(spec: MachineSpec): Promise<boolean> {
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  const file = cacheFolder('results', `kvm-${boot}.json`)
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known !== undefined) return JSON.parse(known).works
  const works = await boots(spec)
  await writeAtomic(file, JSON.stringify({ works }))
  return works
}

async function boots(spec: MachineSpec): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-kvm-'))
  try {
    await using machine = await start(
      { ...spec, disks: [], forward: [], accelerator: 'kvm' },
      join(folder, 'log'),
    )
    const ended = machine.exit.then(() => true)
    // The kernel's messages are in the log only: a console leaves them out of its text.
    for (let tick = 0; tick < SECONDS * 10; tick++) {
      if (BOOTED.test(await readFile(machine.log, 'utf8'))) return true
      if (await Promise.race([ended, sleep(100, false)])) return false
    }
    return false
  } catch {
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
