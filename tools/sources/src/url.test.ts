import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Package } from '@boot2podman/tcz'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Workplace } from './fixture.ts'
import { fetchSource, pinSource, unpackSource } from './index.ts'

let work: Workplace
let server: Server
let pkg: Package
/** What the server does: send a tarball of this text, break off in the middle of it, or refuse. */
let answer: { text: string } | 'break off' | 'refuse'

beforeEach(async () => {
  work = new Workplace()
  answer = { text: 'hello' }
  server = createServer((_request, response) => {
    if (answer === 'refuse') response.writeHead(404).end()
    else if (answer === 'break off') {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('half', () => response.destroy())
    } else response.end(tarball(answer.text))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  pkg = await work.recipe({ url: `http://127.0.0.1:${port}/hello-1.0.tar` })
})
afterEach(() => {
  server.close()
})

function tarball(text: string): Buffer {
  mkdirSync(join(work.root, 'hello-1.0'), { recursive: true })
  writeFileSync(join(work.root, 'hello-1.0/text'), text)
  return execFileSync('tar', ['-C', work.root, '--mtime=@0', '-c', 'hello-1.0'])
}

const cached = () => globSync('sources/{sha256,part}/*', { cwd: join(work.root, 'cache') })

test('what was pinned is unpacked, without a server too', async () => {
  await pinSource(work.root, pkg)
  server.close()
  server.closeAllConnections()
  await unpackSource(work.root, pkg, join(work.root, 'out'))
  expect(readFileSync(join(work.root, 'out/text'), 'utf8')).toBe('hello')
})

test('a source that was never pinned is told with the command', async () => {
  await expect(fetchSource(work.root, pkg)).rejects.toThrow('./b2p pin hello')
})

test('a wrong checksum is fatal and nothing of the file is kept', async () => {
  await pinSource(work.root, pkg)
  process.env.B2P_CACHE = join(work.root, 'cache', 'other')
  answer = { text: 'changed' }
  await expect(fetchSource(work.root, pkg)).rejects.toThrow(
    /packages\/hello\/tcz.lock: hello-1.0.tar has a wrong checksum: expected [0-9a-f]{64}, got [0-9a-f]{64}/,
  )
  expect(globSync('sources/{sha256,part}/*', { cwd: process.env.B2P_CACHE })).toEqual([])
})

test('a file changed in the cache is fatal', async () => {
  await pinSource(work.root, pkg)
  const [file = ''] = cached()
  writeFileSync(join(work.root, 'cache', file), 'other')
  await expect(unpackSource(work.root, pkg, join(work.root, 'out'))).rejects.toThrow(
    'this is not hello-1.0.tar any more',
  )
  expect(existsSync(join(work.root, 'out'))).toBe(false)
})

test('a download that breaks off leaves nothing, and the next one goes through', async () => {
  answer = 'break off'
  await expect(pinSource(work.root, pkg)).rejects.toThrow('broke off')
  expect(cached()).toEqual([])
  answer = { text: 'hello' }
  await pinSource(work.root, pkg)
})

test('a source that is gone is told with the recipe to change', async () => {
  answer = 'refuse'
  await expect(pinSource(work.root, pkg)).rejects.toThrow(/was refused: 404[\s\S]*packages\/hello\/tcz.json/)
})

test('a network that is not there is told', async () => {
  server.close()
  await expect(pinSource(work.root, pkg)).rejects.toThrow(
    'packages/hello: its source is not in the cache yet',
  )
})
