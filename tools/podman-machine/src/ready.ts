import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { Problem } from '@boot2podman/kit'
import type { Chosen } from './chosen.ts'
import type { Progress, SshTarget } from './drivers/driver.ts'
import { inMachine } from './ssh.ts'
import { stateOf } from './states.ts'

const TRIES = 60
/** For computers on which a machine takes longer, or shorter, than three minutes: all tries together, in seconds. */
const SECONDS_A_TRY = (Number(process.env.MACHINE_START_TIMEOUT) || 180) / TRIES
const CONSOLE_LINES = 15

/** Waits until a machine that was started lets somebody in. Gives up at once when it has stopped again. */
export async function awaitSsh(one: Chosen, target: SshTarget, progress: Progress): Promise<void> {
  const { machine } = one
  progress.phase(`waiting until ${target.host}:${target.port} answers by SSH`)
  const end = performance.now() + TRIES * SECONDS_A_TRY * 1000
  let last = ''
  while (performance.now() < end) {
    const { code, stderr } = await inMachine(machine, target, 'true', {
      more: ['-oConnectionAttempts=1'],
    })
    if (code === 0) return
    last = stderr.trim()
    if (/REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed/.test(last)) {
      throw new Problem({
        where: machine.files.knownHosts,
        what: `"${machine.name}" has another host key than before`,
        fix: 'if you know why: take its line out of this file',
      })
    }
    const state = await stateOf(one)
    if (state === 'Stopped' || state === 'Error') throw await gaveUp(one, `it has stopped: ${state}`, '')
    await sleep(500)
  }
  throw await gaveUp(one, `Maximum number of retries (${TRIES}) exceeded`, last)
}

async function gaveUp({ machine, driver }: Chosen, why: string, last: string): Promise<Problem> {
  const log = driver.log?.(machine)
  const lines = log === undefined ? [] : await lastLines(log)
  const shown = lines.length > 0 ? [`the last lines of its console (${log}):`, ...lines] : []
  return new Problem({
    where: 'Error',
    what: `"${machine.name}" does not answer: ${why}`,
    fix: [...(last === '' ? [] : [last]), ...shown].join('\n') || `podman-machine status ${machine.name}`,
  })
}

/** Firmware writes for a terminal: colours, and what goes back to write over itself. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '')
}

async function lastLines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return plain(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-CONSOLE_LINES)
}
