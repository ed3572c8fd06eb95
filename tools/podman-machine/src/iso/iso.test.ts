import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type MachineFiles, machineFiles, type Store, storeFiles } from '../files.ts'
import { fetchIso, isIso, placeIso } from './cache.ts'
import { image } from './image.fixture.ts'
import { ensureIso, keepPrevious, takeIso } from './machine-iso.ts'
import { isoSource, releaseOf, wantedSource } from './source.ts'

let folder: string
let store: Store
let server: Server | undefined
let said: string[]
const progress = {
  phase: (name: string) => said.push(name),
  say: (line: string) => said.push(line),
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iso-'))
  store = storeFiles(join(folder, 'store'))
  said = []
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  await rm(folder, { recursive: true })
})

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function file(name: string, bytes: Buffer | string): Promise<string> {
  await writeFile(join(folder, name), bytes)
  return join(folder, name)
}

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/boot2podman.iso`
}

test('a path, a URL of a file, a URL; nothing: what the repository built, else the release', () => {
  expect(isoSource(join(folder, 'a.iso'))).toBe(join(folder, 'a.iso'))
  expect(isoSource(pathToFileURL(join(folder, 'a b.iso')).href)).toBe(join(folder, 'a b.iso'))
  expect(isoSource('a.iso')).toBe(join(process.cwd(), 'a.iso'))
  expect(isoSource('https://example.com/a.iso')).toBe('https://example.com/a.iso')
  for (const [Kubernetes, name] of [
    [false, 'boot2podman'],
    [true, 'boot2podman-kubernetes'],
  ] as const) {
    const built = join(import.meta.dirname, `../../../../dist/iso/${name}.iso`)
    expect([releaseOf(name), built]).toContain(wantedSource({ Boot2PodmanURL: '', Kubernetes }))
    expect(wantedSource({ Boot2PodmanURL: '/a.iso', Kubernetes })).toBe('/a.iso')
  }
  expect(() => isoSource('ftp://example.com/a.iso')).toThrow('an ISO cannot be had from there')
})

test('a file goes into the cache by its checksum, and from there into a machine without taking room again', async () => {
  const bytes = image('Boot2Podman-v0.1.0')
  const iso = await fetchIso(store, await file('a.iso', bytes), progress)
  expect(iso).toEqual({ Source: join(folder, 'a.iso'), SHA256: sha256(bytes), Volume: 'Boot2Podman-v0.1.0' })
  const mine = join(folder, 'mine.iso')
  await placeIso(store, iso, mine)
  expect(await isIso(mine, iso)).toBe(true)
  expect((await stat(mine)).nlink).toBe(2)
  expect(await readdir(store.cache)).toEqual([`${sha256(bytes)}.iso`])
})

test('what is no ISO, not ours, cut off, or other than its checksum says, is told', async () => {
  const whole = image()
  const cases: [string, Buffer | string, string][] = [
    ['text.iso', 'hello', 'is no ISO image, or only the beginning of one'],
    ['other.iso', image('Debian 13'), 'is no boot2podman: its volume is called "Debian 13"'],
    ['short.iso', whole.subarray(0, 19 * 2048), 'is cut off: it has 38912 of 40960 bytes'],
  ]
  for (const [name, bytes, what] of cases) {
    await expect(fetchIso(store, await file(name, bytes), progress)).rejects.toThrow(`${name}: ${what}`)
  }
  await file('wrong.iso.sha256', `${'0'.repeat(64)}  wrong.iso\n`)
  await expect(fetchIso(store, await file('wrong.iso', whole), progress)).rejects.toThrow(
    `wrong.iso: has the wrong checksum: ${sha256(whole)}, while wrong.iso.sha256 says 000`,
  )
  await expect(fetchIso(store, join(folder, 'no.iso'), progress)).rejects.toThrow(
    'no.iso: there is no such ISO',
  )
  expect(await readdir(store.cache)).toEqual([])
})

test('an image that was damaged in the cache is not used, and fetched anew the next time', async () => {
  const source = await file('a.iso', image())
  const iso = await fetchIso(store, source, progress)
  await writeFile(join(store.cache, `${iso.SHA256}.iso`), 'damaged')
  await expect(placeIso(store, iso, join(folder, 'mine.iso'))).rejects.toThrow('is damaged')
  await fetchIso(store, source, progress)
  await placeIso(store, iso, join(folder, 'mine.iso'))
  expect(await readFile(join(folder, 'mine.iso'))).toEqual(image())
})

test('a URL is downloaded once, asked again, and its last image taken when it is not there', async () => {
  const bytes = image()
  let downloads = 0
  const url = await serve((request, response) => {
    if (request.url?.endsWith('.sha256')) response.end(`${sha256(bytes)}  boot2podman.iso\n`)
    else if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
    else {
      downloads += 1
      response.writeHead(200, { etag: '"1"', 'content-length': bytes.length }).end(bytes)
    }
  })
  const iso = await fetchIso(store, url, progress)
  expect(iso).toEqual({ Source: url, SHA256: sha256(bytes), Volume: 'boot2podman' })
  expect(await fetchIso(store, url, progress)).toEqual(iso)
  expect(downloads).toBe(1)
  server?.closeAllConnections()
  server?.close()
  said = []
  expect(await fetchIso(store, url, progress)).toEqual(iso)
  expect(said.at(-1)).toMatch(/ECONNREFUSED.*; taking the one that it gave last$/)
})

test('a download that breaks off, has the wrong checksum, or is an error page, is told', async () => {
  const bytes = image()
  const breaks = await serve((_, response) => {
    response
      .writeHead(200, { 'content-length': bytes.length })
      .write(bytes.subarray(0, 1000), () => response.destroy())
  })
  await expect(fetchIso(store, breaks, progress)).rejects.toThrow(`${breaks}: the download broke off: `)
  server?.close()
  const wrong = await serve((request, response) =>
    response.end(request.url?.endsWith('.sha256') ? `${'1'.repeat(64)}\n` : bytes),
  )
  await expect(fetchIso(store, wrong, progress)).rejects.toThrow('has the wrong checksum')
  server?.close()
  const missing = await serve((_, response) => response.writeHead(404).end('no'))
  await expect(fetchIso(store, missing, progress)).rejects.toThrow('the server answers 404 Not Found')
  expect((await readdir(store.cache)).filter((name) => name.endsWith('.iso'))).toEqual([])
  expect((await readdir(store.cache)).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('of those that no machine uses the newest two are kept', async () => {
  for (const content of ['1', '2', '3', '4', '5']) {
    await fetchIso(store, await file(`${content}.iso`, image('boot2podman', 20, content)), progress)
  }
  expect(await readdir(store.cache)).toHaveLength(3)
})

test('a cache that cannot be made is told', async () => {
  await mkdir(store.folder)
  await writeFile(store.cache, 'a file')
  await expect(fetchIso(store, await file('a.iso', image()), progress)).rejects.toThrow()
})

test('an upgrade and a way back that were broken off at any point are taken to their end', async () => {
  const [first, second] = [await file('1.iso', image()), await file('2.iso', image('boot2podman', 20, 'new'))]
  const files: MachineFiles = machineFiles(store, 'box')
  await mkdir(files.folder, { recursive: true })
  const old = await takeIso(store, files, first, progress)
  const next = await fetchIso(store, second, progress)
  await ensureIso(store, files, { ISO: old }, progress)
  await keepPrevious(store, files, old)
  // The configuration is what decides, whatever is in place.
  await ensureIso(store, files, { ISO: old }, progress)
  expect(await isIso(files.iso, old)).toBe(true)
  await ensureIso(store, files, { ISO: next, PreviousISO: old }, progress)
  expect(await isIso(files.iso, next)).toBe(true)
  expect(await isIso(files.previousIso, old)).toBe(true)
  expect(said).toEqual([])
  // Back and forth, without a cache.
  await rm(store.cache, { recursive: true })
  await ensureIso(store, files, { ISO: old, PreviousISO: next }, progress)
  expect(await isIso(files.iso, old)).toBe(true)
  expect(await isIso(files.previousIso, next)).toBe(true)
  await ensureIso(store, files, { ISO: next }, progress)
  expect(await isIso(files.iso, next)).toBe(true)
  expect(said).toEqual([])
})

test("a machine's image that was damaged is replaced by the same one, or the way out is told", async () => {
  const source = await file('1.iso', image())
  const files = machineFiles(store, 'box')
  await mkdir(files.folder, { recursive: true })
  const ISO = await takeIso(store, files, source, progress)
  await writeFile(files.iso, 'damaged, and in the cache as well')
  await ensureIso(store, files, { ISO }, progress)
  expect(await isIso(files.iso, ISO)).toBe(true)
  expect(said.at(-1)).toBe(`${files.iso}: is damaged or gone: taking a good one`)
  await writeFile(files.iso, 'damaged again')
  await file('1.iso', image('boot2podman', 20, 'new'))
  await expect(ensureIso(store, files, { ISO }, progress)).rejects.toThrow(
    `is damaged or gone, and ${source} has another image now\n  to take that one: podman-machine upgrade`,
  )
  await expect(ensureIso(store, files, {}, progress)).rejects.toThrow('names no ISO')
})
