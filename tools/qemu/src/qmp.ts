import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

interface Reply {
  id?: number
  return?: unknown
  error?: { class: string; desc: string }
}

/** QEMU's machine protocol: one JSON object a line, a reply for each command. */
export class Qmp {
  #socket: Socket
  #replies = new Map<number, PromiseWithResolvers<unknown>>()
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

  static async open(path: string): Promise<Qmp> {
    const socket = connect(path)
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    const qmp = new Qmp(socket)
    await qmp.execute('qmp_capabilities')
    return qmp
  }

  execute(command: string, parameters: Record<string, unknown> = {}): Promise<unknown> {
    const id = ++this.#id
    const reply = Promise.withResolvers<unknown>()
    this.#replies.set(id, reply)
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`)
    return reply.promise
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
