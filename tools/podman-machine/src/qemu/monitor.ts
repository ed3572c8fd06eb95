import { connect, type Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Qmp } from '@boot2podman/qemu'

/** Where a QEMU listens for commands: a socket's path, or a port of the loopback where QEMU knows no such sockets. */
export type Place = string | { port: number }

/** The longest path of a socket, in bytes: sun_path less its zero; BSD's is shorter. */
const LONGEST = process.platform === 'darwin' ? 103 : 107
/** QEMU speaks with one at a time, and each of us has but a word; so an answer takes no longer. */
const PATIENCE = 3000

/**
 * Speaks with the QEMU at a place, if it is the one with this UUID, or with any. Undefined: nobody is there, it is another's, or it
 * does not answer.
 */
export async function withMonitor<T>(
  place: Place,
  uuid: string | undefined,
  work: (qmp: Qmp) => Promise<T>,
): Promise<T | undefined> {
  for (const end = Date.now() + PATIENCE; ; await sleep(20)) {
    const socket = connectTo(place)
    let begun = false
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), end - Date.now())
    try {
      const qmp = await Qmp.greet(socket)
      const { UUID } = (await qmp.execute('query-uuid')) as { UUID: string }
      if (uuid !== undefined && UUID !== uuid) return undefined
      begun = true
      return await work(qmp)
    } catch (error) {
      // Others wait already, more than the socket has room for; or one was just leaving, and QEMU closed this connection with its.
      const nobody = ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '')
      if (nobody || begun || Date.now() > end) return undefined
    } finally {
      clearTimeout(timer)
      socket.destroy()
    }
  }
}

function connectTo(place: Place): Socket {
  if (typeof place !== 'string') return connect({ port: place.port, host: '127.0.0.1' })
  if (Buffer.byteLength(place) <= LONGEST || process.platform === 'win32') return connect(place)
  // By its name from within its folder. Connecting happens before connect returns, so nothing else sees the other folder.
  const here = process.cwd()
  process.chdir(dirname(place))
  try {
    return connect(basename(place))
  } finally {
    process.chdir(here)
  }
}

/** Ends whatever QEMU listens there: of a machine of which nothing else is known. */
export async function quitAt(place: Place): Promise<void> {
  await withMonitor(place, undefined, (qmp) => qmp.execute('quit').catch(() => {}))
}
