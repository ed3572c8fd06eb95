import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { type Clone, clone } from './fixture.ts'

/** A server for a test; what Nx asks of it is what nx.dev documents for a self-hosted cache. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { env: Record<string, string> }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    env: variables((server.address() as AddressInfo).port),
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function variables(port: number): Record<string, string> {
  return {
    NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${port}`,
    NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'secret',
  }
}

/** Keeps what it is given in a Map, as a real one would on a disk. */
function keeper(kept: Map<string, Buffer>): RequestListener {
  return async (request, response) => {
    const url = request.url ?? ''
    if (request.headers.authorization !== 'Bearer secret' && url !== '/') return response.writeHead(401).end()
    if (request.method === 'PUT') {
      kept.set(url, await buffer(request))
      return response.writeHead(200).end()
    }
    const found = kept.get(url)
    return response.writeHead(found ? 200 : 404).end(found)
  }
}

async function withZlib(): Promise<Clone> {
  const repository = await clone()
  await repository.project('zlib', { tcz: 'mkdir -p dist/tcz && echo zlib > dist/tcz/zlib.tcz' })
  return repository
}

const made = ({ root }: Clone) => readFile(join(root, 'dist/tcz/zlib.tcz'), 'utf8')

test('what one clone has made another one takes', async () => {
  const kept = new Map<string, Buffer>()
  await using server = await serve(keeper(kept))
  await using one = await withZlib()
  await using other = await withZlib()
  expect((await one.build('zlib', server.env)).all).toMatch(/\nzlib +1 kB +\d\.\d s +packed anew\n/)
  expect(kept.size).toBe(1)
  const { all } = await other.build('zlib', server.env)
  expect(all).toMatch(/\nzlib +1 kB +cache\n/)
  expect(all).not.toContain('left out')
  expect(await made(other)).toBe('zlib\n')
})

const dead: [string, RequestListener, RegExp][] = [
  ['that errs', (_, response) => response.writeHead(500).end(), /it answers 500/],
  ['that is silent', () => {}, /it says nothing/],
  [
    'that is silent later',
    ({ url }, response) => (url === '/' ? response.writeHead(404).end() : undefined),
    /it says nothing/,
  ],
  [
    'that breaks off',
    ({ url }, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      if (url === '/') response.end('x'.repeat(1000))
      else response.write('x', () => response.destroy())
    },
    /aborted/,
  ],
]

test.each(dead)('one %s fails nothing, and is told once', async (_, listener, why) => {
  await using server = await serve(listener)
  await using repository = await withZlib()
  const { all, exitCode } = await repository.build('zlib', server.env)
  expect(all?.match(/^The remote cache \S+ is left out: .*\.$/gm)).toEqual([expect.stringMatching(why)])
  expect(exitCode).toBe(0)
  expect(await made(repository)).toBe('zlib\n')
})

test('one that is not there, and one that may only be read', async () => {
  await using repository = await withZlib()
  const gone = await repository.build('zlib', variables(9))
  expect(gone.all).toMatch(/^The remote cache http:\/\/127\.0\.0\.1:9 is left out: connect ECONNREFUSED/m)
  expect(gone.exitCode).toBe(0)

  const kept = new Map<string, Buffer>()
  const keep = keeper(kept)
  await using server = await serve((request, response) =>
    request.method === 'PUT' ? response.writeHead(403).end() : keep(request, response),
  )
  await using other = await withZlib()
  const { all, exitCode } = await other.build('zlib', server.env)
  expect(all).not.toContain('left out')
  expect(exitCode).toBe(0)
})
