import { Problem } from '@boot2podman/kit'

/** What the text that is signed says: which files, at one time, belong together. */
export interface Index {
  /** Only grows: a machine takes no index that is older than the one it has seen. */
  version: number
  /** After it nobody should take the index for the newest. */
  expires: Date
  files: IndexedFile[]
}

export interface IndexedFile {
  name: string
  /** Hexadecimal. */
  sha256: string
  /** In bytes. */
  size: number
}

const TITLE = 'boot2podman-repository 1'
const VERSION = /^version (\d+)$/
const EXPIRES = /^expires (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/
const FILE = /^([0-9a-f]{64}) {2}(\d+) {2}([\w.+-]+)$/

/** `index`: a title, version, expiry, then `SHA256  BYTES  FILE`, sorted by bytes. Made to be read by grep and awk. */
export function formatIndex({ version, expires, files }: Index): string {
  const lines = files
    .toSorted((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)))
    .map(({ name, sha256, size }) => `${sha256}  ${size}  ${name}`)
  const until = `${expires.toISOString().slice(0, 19)}Z`
  return [TITLE, `version ${version}`, `expires ${until}`, ...lines, ''].join('\n')
}

export function parseIndex(text: string, file: string): Index {
  const [title, version = '', expires = '', ...rest] = text.split('\n')
  const fail = (line: number, what: string) => new Problem({ where: `${file}:${line}`, what })
  if (title !== TITLE) throw fail(1, `this is not "${TITLE}"`)
  const [, number] = VERSION.exec(version) ?? []
  if (number === undefined) throw fail(2, 'expected "version" and a whole number')
  const [, time] = EXPIRES.exec(expires) ?? []
  if (time === undefined || Number.isNaN(Date.parse(time))) throw fail(3, 'expected "expires" and a time')
  if (rest.pop() !== '') throw fail(rest.length + 4, 'the file is cut off')
  const files = rest.map((line, index): IndexedFile => {
    const [, sha256, size, name] = FILE.exec(line) ?? []
    if (sha256 === undefined || name === undefined) throw fail(index + 4, 'expected SHA256, bytes and a name')
    return { name, sha256, size: Number(size) }
  })
  return { version: Number(number), expires: new Date(time), files }
}

const DAY = 24 * 60 * 60 * 1000

/**
 * The index of these files after the one before: that very one while the files are the same and half of its year is
 * left, else one with a later version.
 */
export function nextIndex(files: readonly IndexedFile[], before: Index | undefined, now: Date): Index {
  const version = Math.max(Math.floor(now.getTime() / 1000), (before?.version ?? 0) + 1)
  const next = { version, expires: new Date(now.getTime() + 365 * DAY), files: [...files] }
  if (!before || before.expires.getTime() - now.getTime() < 183 * DAY) return next
  return formatIndex({ ...before, files: next.files }) === formatIndex(before) ? before : next
}
