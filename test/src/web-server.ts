import { once } from 'node:events'
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import { pipeline } from 'node:stream/promises'

export interface WebServer extends AsyncDisposable {
  port: number
  /** What was asked for, and from which byte on: `/git.tcz 0`. */
  asked: string[]
  /** Files whose next answer breaks off after so many bytes. */
  cut: Map<string, number>
}

/** Serves a folder over plain HTTP on the host's loopback, parts of files too: all that a mirror of Tiny Core's needs. */
export async function serveFolder(folder: string): Promise<WebServer> {
  const asked: string[] = []
  const cut = new Map<string, number>()
  const server = createServer(async ({ url = '/', headers, method }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname))
    const file = join(folder, path)
    const stats = statSync(file, { throwIfNoEntry: false })
    if (!stats?.isFile()) {
      response.writeHead(404).end()
      return
    }
    const { size } = stats
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    const start = Number(from ?? 0)
    const end = to ? Math.min(Number(to), size - 1) : size - 1
    asked.push(`${path} ${start}`)
    if (start >= size && from !== undefined) {
      response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end()
      return
    }
    const part = from === undefined ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` }
    const length = String(end - start + 1)
    response.writeHead(from === undefined ? 200 : 206, {
      'Content-Length': length,
      'Accept-Ranges': 'bytes',
      ...part,
    })
    const bytes = cut.get(path)
    if (bytes !== undefined) {
      cut.delete(path)
      const some = createReadStream(file, { start, end: start + bytes - 1 })
      await pipeline(some, response, { end: false }).catch(() => {})
      response.socket?.end()
    } else if (method === 'HEAD' || size === 0) response.end()
    else await pipeline(createReadStream(file, { start, end }), response).catch(() => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    asked,
    cut,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
