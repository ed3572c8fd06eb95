import { once } from 'node:events'
import {
  type ClientRequest,
  createServer,
  request as http,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from 'node:http'
import { request as https } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

const SERVER = 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER'

// In milliseconds: a server that says nothing for so long is dead. The first word is asked while Nx makes its graph.
const FIRST_SILENCE = 1000
const SILENCE = 3000
const GRACE = 100

/**
 * Stands between Nx and the remote cache that its variables name, as long as the result is held. Nx alone would end a run
 * when that server errs, and wait for ever when it is silent; this lets a build go on as if there was none, and says so
 * once. What is stored is passed on while the build goes on.
 */
export async function guardRemoteCache(say: (line: string) => void): Promise<AsyncDisposable> {
  const upstream = process.env[SERVER]
  if (!upstream) return { async [Symbol.asyncDispose]() {} }
  const guard = new Guard(upstream.replace(/\/$/, ''), say)
  guard.probe()
  const server = createServer((request, response) => guard.answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.env[SERVER] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    async [Symbol.asyncDispose]() {
      process.env[SERVER] = upstream
      await guard.stored()
      server.close()
      server.closeAllConnections()
    },
  }
}

class Guard {
  readonly #upstream: string
  readonly #say: (line: string) => void
  readonly #storing = new Set<Promise<void>>()
  #probed: Promise<void> = Promise.resolve()
  #dead = false
  #readOnly = false

  constructor(upstream: string, say: (line: string) => void) {
    this.#upstream = upstream
    this.#say = say
  }

  /** Sees whether anybody is there; any answer is one. */
  probe(): void {
    this.#probed = this.#ask('/', { timeout: FIRST_SILENCE }).then(
      () => {},
      (error) => this.#giveUp(error),
    )
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const answered = request.method === 'PUT' ? this.#put(request, response) : this.#get(request, response)
    answered.catch(() => response.destroy())
  }

  /** Waits for what is still on its way. */
  async stored(): Promise<void> {
    await Promise.all(this.#storing)
  }

  async #get(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = await this.#find(request).catch((error) => this.#giveUp(error))
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/octet-stream' })
    response.end(found)
  }

  /** As a whole: a part of a result would be an error in the eyes of Nx. */
  async #find(request: IncomingMessage): Promise<Buffer | undefined> {
    await this.#probed
    if (this.#dead) return undefined
    const { status, body } = await this.#ask(request.url ?? '/', { headers: headersOf(request) })
    if (status === 200) return body
    if (status !== 404) throw new Error(`it answers ${status}`)
    return undefined
  }

  async #put(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    response.writeHead(200).end()
    if (this.#dead || this.#readOnly) return
    const storing = this.#store(request, body).catch((error) => this.#giveUp(error))
    this.#storing.add(storing)
    storing.finally(() => this.#storing.delete(storing))
  }

  async #store(request: IncomingMessage, body: Buffer): Promise<void> {
    const headers = { ...headersOf(request), 'content-length': body.length }
    const { status } = await this.#ask(request.url ?? '/', { method: 'PUT', headers }, body)
    // Somebody else was first, with the same.
    if (status < 300 || status === 409) return
    if (status !== 401 && status !== 403) throw new Error(`it answers ${status}`)
    // A token that may only read, as of those who try changes.
    this.#readOnly = true
  }

  async #ask(
    path: string,
    options: RequestOptions,
    body?: Buffer,
  ): Promise<{ status: number; body: Buffer }> {
    const start = this.#upstream.startsWith('https:') ? https : http
    // The time without any byte, to or fro: a large one may take long.
    const asking = start(`${this.#upstream}${path}`, { timeout: SILENCE, ...options })
    asking.on('timeout', () => {
      // Nx may have kept this process busy for so long, and what was said is still to be read.
      const before = passed(asking)
      setTimeout(() => passed(asking) === before && asking.destroy(new Error('it says nothing')), GRACE)
    })
    asking.end(body)
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, body: await buffer(answer) }
  }

  #giveUp(error: unknown): undefined {
    if (this.#dead) return
    this.#dead = true
    const { message, cause } = error as Error
    this.#say(
      `The remote cache ${this.#upstream} is left out: ${cause instanceof Error ? cause.message : message}.`,
    )
  }
}

/** The bytes to and fro. */
function passed({ socket }: ClientRequest): number {
  return (socket?.bytesRead ?? 0) + (socket?.bytesWritten ?? 0)
}

/** The token, and what kind of bytes they are. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const { authorization, 'content-type': type } = request.headers
  return { ...(authorization && { authorization }), ...(type && { 'content-type': type }) }
}
