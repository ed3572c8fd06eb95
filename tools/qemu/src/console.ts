import { connect, type Socket } from 'node:net'
import { panicOf, withoutKernelMessages } from './kernel-messages.ts'

interface Waiter {
  pattern: RegExp
  from: number
  resolve: (match: RegExpExecArray) => void
  reject: (error: Error) => void
}

/** A serial line: what a program wrote to it, in order and without the kernel's messages, and a way to type. */
export class SerialConsole {
  #socket: Socket
  #text = ''
  /** The last line, not ended yet: only an ended one can be told from a message of the kernel in the middle of it. */
  #tail = ''
  #end: Error | undefined
  #waiters = new Set<Waiter>()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (data: string) => this.#take(data))
    socket.on('error', () => {})
    socket.on('close', () => this.#finish(new Error('the machine has ended')))
  }

  static open(path: string): Promise<SerialConsole> {
    return new Promise((resolve, reject) => {
      const socket = connect(path)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new SerialConsole(socket))
      })
    })
  }

  /** All that programs wrote since the machine's start. */
  get text(): string {
    return this.#text + withoutKernelMessages(this.#tail)
  }

  type(text: string): void {
    this.#socket.write(text)
  }

  /** Waits until the pattern is found in what comes after `from`, counted in characters of `text`. */
  async waitFor(pattern: RegExp, seconds: number, from = 0): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
    const waiter = { pattern, from, resolve, reject }
    const late = () => reject(new Error(`${pattern} did not come within ${seconds} s`))
    const timer = setTimeout(late, seconds * 1000)
    this.#waiters.add(waiter)
    this.#look(waiter)
    if (this.#end) reject(this.#end)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiters.delete(waiter)
    }
  }

  #take(data: string): void {
    const raw = this.#tail + data
    const ended = raw.lastIndexOf('\n') + 1
    const lines = raw.slice(0, ended)
    this.#text += withoutKernelMessages(lines)
    this.#tail = raw.slice(ended)
    for (const waiter of this.#waiters) this.#look(waiter)
    const panic = panicOf(lines)
    if (panic !== undefined) this.#finish(new Error(panic))
  }

  #look({ pattern, from, resolve }: Waiter): void {
    const match = pattern.exec(this.text.slice(from))
    if (match) resolve(match)
  }

  #finish(error: Error): void {
    this.#end ??= error
    for (const { reject } of this.#waiters) reject(this.#end)
  }
}
