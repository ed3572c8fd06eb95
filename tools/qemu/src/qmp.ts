import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

interface Reply {
  id?: number
  return?: unknown
  error?: { class: string; desc: string }
}

interface Waiter {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/** QEMU's machine protocol: one JSON object a line, a reply for each command. QEMU speaks with one client at a time. */
export class Qmp {
  #socket: Socket
  #replies = new Map<number, Waiter>()
  #id = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('close', () => {
      for (const reply of this.#replies.values()) reply.reject(new Error('the machine has ended'))
    })
    createInterface({ input: socket })
      .on('line', (line) => this.#take(JSON.parse(line)))
      .on('error', () => {})
  }

  /** At a socket's path. Waits for its turn when QEMU speaks with somebody else. */
  static async open(path: string): Promise<Qmp> {
    return await Qmp.greet(connect(path))
  }

  /** Over a connection that is being made. */
  static async greet(socket: Socket): Promise<Qmp> {
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    const qmp = new Qmp(socket)
    await qmp.execute('qmp_capabilities')
    return qmp
  }

  execute(command: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    const id = ++this.#id
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) reject(new Error('the machine has ended'))
      this.#replies.set(id, { resolve, reject })
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  /** Events and the greeting have no id. */
  #take({ id, error, ...rest }: Reply): void {
    const reply = id === undefined ? undefined : this.#replies.get(id)
    if (id === undefined || reply === undefined) return
    this.#replies.delete(id)
    if (error) reply.reject(new Error(`QMP: ${error.desc}`))
    else reply.resolve(rest.return)
  }
}
