import { connect, type NetConnectOpts } from 'node:net'

/** Whether somebody listens there. */
export function isReachable(where: NetConnectOpts, seconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(where)
    const done = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(seconds * 1000, () => done(false))
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
}
