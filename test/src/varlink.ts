import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Fields = { [name: string]: Json }

interface Field {
  name: string
  type: Type
}
type Type =
  | { kind: 'bool' | 'int' | 'float' | 'string' | 'object' }
  | { kind: 'array' | 'map' | 'maybe'; element: Type }
  | { kind: 'struct'; fields: Field[] }
  | { kind: 'alias'; name: string }

export interface Interface {
  name: string
  types: Map<string, Type>
  methods: Map<string, { in: Type; out: Type }>
  errors: Map<string, Type>
}

export interface Reply {
  parameters?: Fields
  continues?: boolean
  error?: string
}

/** What an interface description says. Enumerations are not known here: nothing that is tested has them. */
export function parseInterface(description: string): Interface {
  const words = description.replace(/#.*/g, '').match(/->|\[string\]|\[\]|[\w.]+|[?():,]/g) ?? []
  const next = () => {
    const word = words.shift()
    if (word === undefined) throw new Error('the description ends too early')
    return word
  }
  const take = (expected: string) => {
    const word = next()
    if (word !== expected) throw new Error(`${word} instead of ${expected}`)
  }
  const type = (): Type => {
    const word = next()
    if (word === '?') return { kind: 'maybe', element: type() }
    if (word === '[]') return { kind: 'array', element: type() }
    if (word === '[string]') return { kind: 'map', element: type() }
    if (word === '(') return { kind: 'struct', fields: fields() }
    if (word === 'bool' || word === 'int' || word === 'float' || word === 'string' || word === 'object')
      return { kind: word }
    return { kind: 'alias', name: word }
  }
  const fields = (): Field[] => {
    const all: Field[] = []
    if (words[0] === ')') next()
    else {
      for (let word = ','; word === ','; word = next()) {
        const name = next()
        take(':')
        all.push({ name, type: type() })
      }
    }
    return all
  }
  take('interface')
  const parsed: Interface = { name: next(), types: new Map(), methods: new Map(), errors: new Map() }
  while (words.length > 0) {
    const keyword = next()
    const name = next()
    if (keyword === 'type') parsed.types.set(name, type())
    else if (keyword === 'error') parsed.errors.set(name, type())
    else if (keyword === 'method') {
      const parameters = type()
      take('->')
      parsed.methods.set(name, { in: parameters, out: type() })
    } else throw new Error(`${keyword} ${name}: what is that?`)
  }
  return parsed
}

/** Where a reply of a method is not as the description says. */
export function replyMistakes(description: Interface, method: string, reply: Reply): string[] {
  const parameters = reply.parameters ?? {}
  if (reply.error === undefined) {
    const known = description.methods.get(method)
    return known ? mistakes(description, known.out, parameters, method) : [`${method} is not described`]
  }
  const prefix = `${description.name}.`
  if (!reply.error.startsWith(prefix)) return []
  const known = description.errors.get(reply.error.slice(prefix.length))
  return known ? mistakes(description, known, parameters, reply.error) : [`${reply.error} is not described`]
}

function mistakes(description: Interface, type: Type, value: Json | undefined, path: string): string[] {
  const wrong = [`${path}: ${JSON.stringify(value)} is not ${type.kind}`]
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  switch (type.kind) {
    case 'alias': {
      const known = description.types.get(type.name)
      return known ? mistakes(description, known, value, path) : [`${path}: no type ${type.name}`]
    }
    case 'maybe':
      return value === undefined || value === null ? [] : mistakes(description, type.element, value, path)
    case 'bool':
      return typeof value === 'boolean' ? [] : wrong
    case 'int':
      return Number.isInteger(value) ? [] : wrong
    case 'float':
      return typeof value === 'number' ? [] : wrong
    case 'string':
      return typeof value === 'string' ? [] : wrong
    case 'object':
      return isObject ? [] : wrong
    case 'array':
      if (!Array.isArray(value)) return wrong
      return value.flatMap((element, index) =>
        mistakes(description, type.element, element, `${path}[${index}]`),
      )
    case 'map':
      if (!isObject) return wrong
      return Object.entries(value).flatMap(([name, element]) =>
        mistakes(description, type.element, element, `${path}.${name}`),
      )
    case 'struct': {
      if (!isObject) return wrong
      const names = type.fields.map((field) => field.name)
      const unknown = Object.keys(value).filter((name) => !names.includes(name))
      return [
        ...unknown.map((name) => `${path}.${name} is not described`),
        ...type.fields.flatMap((field) =>
          mistakes(description, field.type, value[field.name], `${path}.${field.name}`),
        ),
      ]
    }
  }
}

/** A connection to a varlink service at a unix socket. */
export class Varlink {
  readonly socket: Socket
  readonly #waiting: ((reply: Reply | undefined) => void)[] = []
  readonly #replies: Reply[] = []
  #ended = false

  private constructor(socket: Socket) {
    this.socket = socket
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      const messages = (rest + text).split('\0')
      rest = messages.pop() ?? ''
      for (const message of messages) this.#arrived(JSON.parse(message))
    })
    const end = () => {
      this.#ended = true
      for (const waiting of this.#waiting.splice(0)) waiting(undefined)
    }
    socket.on('error', end)
    socket.on('close', end)
  }

  static async connect(path: string): Promise<Varlink> {
    const socket = connect(path)
    await once(socket, 'connect')
    return new Varlink(socket)
  }

  #arrived(reply: Reply): void {
    const waiting = this.#waiting.shift()
    if (waiting) waiting(reply)
    else this.#replies.push(reply)
  }

  /** Sends a call; its replies come by `reply`, in the order of the calls. */
  send(method: string, parameters: Fields = {}, flags: { more?: true; oneway?: true; upgrade?: true } = {}) {
    this.socket.write(`${JSON.stringify({ method, parameters, ...flags })}\0`)
  }

  /** The next reply; nothing when the service closed the connection. */
  reply(): Promise<Reply | undefined> {
    const reply = this.#replies.shift()
    if (reply || this.#ended) return Promise.resolve(reply)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async call(method: string, parameters: Fields = {}): Promise<Reply> {
    this.send(method, parameters)
    const reply = await this.reply()
    if (!reply) throw new Error(`${method}: the connection was closed`)
    return reply
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}
