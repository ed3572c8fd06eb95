import { access, readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem, writeAtomic } from '@boot2podman/kit'
import type { Engine, SshTarget } from './drivers/driver.ts'
import type { Machine } from './machine.ts'
import { isSameProcess, processStart } from './process-start.ts'
import { inBackground } from './processes.ts'
import { prepareSocket, socketPath } from './socket-path.ts'
import { sshArguments } from './ssh.ts'

interface Forward {
  pid: number
  start?: string
  /** What it leads to. */
  to: string
}

/** Docker's clients on Windows know no unix sockets. */
export const canForward = process.platform !== 'win32'

/**
 * Has the engine's socket of the machine as one here: Docker's clients cannot be told a key for SSH, but a socket.
 * An ssh in the background does it. It ends with the machine, or by `stopForward`.
 */
export async function ensureForward(machine: Machine, target: SshTarget, engine: Engine): Promise<string> {
  const socket = await prepareSocket(machine.files.dockerSocket)
  const to = JSON.stringify([target, engine])
  const known = await readForward(machine)
  if (known?.to === to && (await isSameProcess(known.pid, known.start)) && (await isThere(socket))) {
    return socket
  }
  await stopForward(machine)
  const log = `${machine.files.forward}.log`
  const options = ['-N', '-oBatchMode=yes', '-oExitOnForwardFailure=yes', '-oStreamLocalBindUnlink=yes']
  const bounds = ['-oServerAliveInterval=15', '-oServerAliveCountMax=4', '-oStreamLocalBindMask=0177']
  const args = sshArguments(machine, { ...target, user: engine.user }, [
    ...[...options, ...bounds],
    ...['-L', `${socket}:${engine.socket}`],
  ])
  const child = await inBackground('ssh', args, log)
  const pid = child.pid ?? 0
  const start = await processStart(pid)
  await writeAtomic(
    machine.files.forward,
    JSON.stringify({ pid, ...(start && { start }), to } satisfies Forward),
  )
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null || child.signalCode !== null) break
    if (await isThere(socket)) return socket
    await sleep(100)
  }
  throw new Problem({
    where: `"${machine.name}"`,
    what: `its ${engine.socket} cannot be forwarded to ${socket}`,
    fix: (await readFile(log, 'utf8')).trim() || 'ssh says nothing',
  })
}

export async function stopForward(machine: Pick<Machine, 'files'>): Promise<void> {
  const known = await readForward(machine)
  if (known && (await isSameProcess(known.pid, known.start))) {
    try {
      process.kill(known.pid, 'SIGTERM')
    } catch {
      // It has ended by itself.
    }
  }
  await rm(machine.files.forward, { force: true })
  await rm(socketPath(machine.files.dockerSocket), { force: true })
}

/** Not by a connection: the first one starts the engine's service. */
async function isThere(socket: string): Promise<boolean> {
  return await access(socket).then(
    () => true,
    () => false,
  )
}

async function readForward({ files }: Pick<Machine, 'files'>): Promise<Forward | undefined> {
  try {
    return JSON.parse(await readFile(files.forward, 'utf8'))
  } catch {
    return undefined
  }
}
