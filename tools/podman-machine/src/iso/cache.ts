import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Problem, type Trouble, writeAtomic } from '@boot2podman/kit'
import type { Progress } from '../drivers/driver.ts'
import type { Store } from '../files.ts'
import { cannotWrite } from '../machine.ts'
import { download, type Validators } from './download.ts'
import { isUrl } from './source.ts'
import { volumeId } from './volume.ts'

/** An ISO image that was looked at: which one, and where it came from. */
export interface Iso {
  /** As `isoSource` gives it. */
  Source: string
  /** In hexadecimal. */
  SHA256: string
  /** `boot2podman`, or what its maker called it. */
  Volume: string
}

/** What is known of a URL: what it gave last. */
interface Known {
  url: string
  sha256: string
  validators: Validators
}

/** Kept though no machine uses them: for one that is made soon, or goes back. */
const UNUSED_KEPT = 2
const DAY = 24 * 60 * 60 * 1000

/**
 * Gets an ISO into the cache, whole and of the right checksum, unless it is there. What lies beside it as `.sha256` is its
 * checksum. A URL that cannot be reached gives what it gave last, and that is said.
 */
export async function fetchIso(store: Store, source: string, progress: Progress): Promise<Iso> {
  try {
    await mkdir(store.cache, { recursive: true, mode: 0o700 })
    const sha256 = isUrl(source) ? await fromUrl(store, source, progress) : await fromFile(store, source)
    const Volume = await volumeId(cached(store, sha256))
    await prune(store, sha256)
    return { Source: source, SHA256: sha256, Volume }
  } catch (error) {
    throw cannotWrite(store, error as NodeJS.ErrnoException)
  }
}

/** Puts an ISO of the cache where a machine has its own: in one step, and without taking its room twice where that works. */
export async function placeIso(store: Store, { SHA256 }: Iso, file: string): Promise<void> {
  const from = cached(store, SHA256)
  await throwIfDamaged(from, SHA256)
  const temporary = `${file}.${randomUUID()}.part`
  try {
    await link(from, temporary).catch(() => keep(createReadStream(from), temporary))
    await rename(temporary, file)
  } catch (error) {
    throw cannotWrite(store, error as NodeJS.ErrnoException)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Whether a file is this very image. A file that is not there is not. */
export async function isIso(file: string, { SHA256 }: Pick<Iso, 'SHA256'>): Promise<boolean> {
  return (await checksum(file).catch(() => undefined)) === SHA256
}

export async function checksum(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(part)
  return hash.digest('hex')
}

function cached(store: Store, sha256: string): string {
  return join(store.cache, `${sha256}.iso`)
}

async function fromFile(store: Store, file: string): Promise<string> {
  await access(file).catch(() => {
    throw new Problem({
      where: file,
      what: 'there is no such ISO',
      fix: 'it is made by ./b2p iso in the repository; or: --qemu-boot2podman-url PATH or URL of another one',
    })
  })
  await volumeId(file)
  const sha256 = await checksum(file)
  const said = await readFile(`${file}.sha256`, 'utf8').catch(() => undefined)
  throwIfOther(file, sha256, said, {
    where: file,
    what: '',
    fix: './b2p iso makes it again; or copy it again',
  })
  if (await isIso(cached(store, sha256), { SHA256: sha256 })) return sha256
  return await add(store, createReadStream(file), async () => {})
}

async function fromUrl(store: Store, url: string, progress: Progress): Promise<string> {
  const note = join(store.cache, `${createHash('sha256').update(url).digest('hex')}.json`)
  const known = await readNote(note)
  const usable = known !== undefined && (await isIso(cached(store, known.sha256), { SHA256: known.sha256 }))
  try {
    progress.phase(`asking for ${url}`)
    const answer = await download(url, usable ? known.validators : {})
    if (answer.body === undefined) return (known as Known).sha256
    progress.phase(
      `downloading ${url}${answer.length === undefined ? '' : ` (${megabytes(answer.length)} MB)`}`,
    )
    const sha256 = await add(store, answer.body, async (sha256, file) => {
      await volumeId(file)
      const trouble = { where: url, what: '', fix: 'try again; if it stays so, tell whoever publishes it' }
      throwIfOther(url, sha256, answer.checksum, trouble)
    })
    await writeAtomic(note, JSON.stringify({ url, sha256, validators: answer.validators } satisfies Known))
    return sha256
  } catch (error) {
    if (!usable || !(error instanceof Problem)) throw error
    progress.say(`${error.message.split('\n', 1)[0]}; taking the one that it gave last`)
    return known.sha256
  }
}

async function readNote(file: string): Promise<Known | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** What `sha256sum` wrote begins with the checksum. */
function throwIfOther(name: string, sha256: string, said: string | undefined, trouble: Trouble): void {
  const expected = said?.trim().split(/\s/, 1)[0]?.toLowerCase()
  if (expected === undefined || expected === sha256) return
  throw new Problem({
    ...trouble,
    what: `has the wrong checksum: ${sha256}, while ${basename(name)}.sha256 says ${expected}`,
  })
}

async function throwIfDamaged(file: string, sha256: string): Promise<void> {
  const found = await checksum(file).catch(() => undefined)
  if (found === sha256) return
  await rm(file, { force: true })
  throw new Problem({
    where: file,
    what: found === undefined ? 'is gone' : 'is damaged: its checksum is another one now',
    fix: 'type the same again: it is fetched anew',
  })
}

/** Copies an image into the cache under its checksum, if `check` has nothing against it. */
async function add(
  store: Store,
  parts: AsyncIterable<Uint8Array>,
  check: (sha256: string, file: string) => Promise<void>,
): Promise<string> {
  const temporary = join(store.cache, `${randomUUID()}.part`)
  try {
    const sha256 = await keep(parts, temporary)
    await check(sha256, temporary)
    await rename(temporary, cached(store, sha256))
    return sha256
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Writes a file so that it is on the disk when this returns. Returns its checksum. */
async function keep(parts: AsyncIterable<Uint8Array>, file: string): Promise<string> {
  const hash = createHash('sha256')
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'wx', 0o600)
  try {
    for await (const part of parts) {
      hash.update(part)
      await handle.writeFile(part)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return hash.digest('hex')
}

/** Takes away what a tool that was killed left behind, and all but the newest of those that no machine has a link to. */
async function prune(store: Store, inUse: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(store.cache)).map(async (name) => {
      const file = join(store.cache, name)
      const { nlink, mtimeMs } = await stat(file).catch(() => ({ nlink: 2, mtimeMs: Date.now() }))
      return { name, file, nlink, mtimeMs }
    }),
  )
  const broken = files.filter(({ name, mtimeMs }) => name.endsWith('.part') && mtimeMs < Date.now() - DAY)
  const unused = files
    .filter(({ name, nlink }) => name.endsWith('.iso') && nlink === 1 && name !== `${inUse}.iso`)
    .sort((a, b) => b.mtimeMs - a.mtimeMs)
    .slice(UNUSED_KEPT)
  for (const { file } of [...broken, ...unused]) await rm(file, { force: true })
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}
