import { Problem } from '@boot2podman/kit'

/** What a server told to recognise the same content by, sent back to it with the next question. */
export interface Validators {
  etag?: string
  lastModified?: string
}

export interface Download {
  /** Missing when what is at the URL is still what the validators belong to. */
  body: AsyncIterable<Uint8Array> | undefined
  length: number | undefined
  validators: Validators
  /** The text of URL.sha256, where there is one. */
  checksum: string | undefined
}

/** Silence of a server for longer counts as a failure. */
const PATIENCE = 60_000

/** Asks for what is at a URL. What goes wrong, also while the body comes, is a Problem. */
export async function download(url: string, { etag, lastModified }: Validators): Promise<Download> {
  const silence = watchdog()
  const headers = {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
  }
  const response = await ask(url, headers, silence)
  const next = {
    ...validator('etag', response.headers.get('etag')),
    ...validator('lastModified', response.headers.get('last-modified')),
  }
  if (response.status === 304) {
    silence.end()
    return { body: undefined, length: undefined, validators: next, checksum: undefined }
  }
  if (!response.ok || response.body === null) {
    silence.end()
    throw failure(url, `the server answers ${response.status} ${response.statusText}`.trimEnd())
  }
  const length = response.headers.get('content-length')
  return {
    body: parts(url, response.body, silence),
    length: length === null ? undefined : Number(length),
    validators: next,
    checksum: await checksumOf(url),
  }
}

interface Watchdog {
  signal: AbortSignal
  heard: () => void
  end: () => void
}

function watchdog(): Watchdog {
  const stop = new AbortController()
  const bark = () => stop.abort(new Error(`nothing came for ${PATIENCE / 1000} s`))
  let timer = setTimeout(bark, PATIENCE)
  const end = () => clearTimeout(timer)
  const heard = () => {
    end()
    timer = setTimeout(bark, PATIENCE)
  }
  return { signal: stop.signal, heard, end }
}

async function ask(url: string, headers: Record<string, string>, silence: Watchdog): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: silence.signal })
  } catch (error) {
    silence.end()
    throw failure(url, reason(error))
  }
}

async function* parts(
  url: string,
  body: AsyncIterable<Uint8Array>,
  silence: Watchdog,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of body) {
      silence.heard()
      yield part
    }
  } catch (error) {
    throw failure(url, `the download broke off: ${reason(error)}`)
  } finally {
    silence.end()
  }
}

/** A server that has no such file may answer anything but a checksum. */
async function checksumOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}.sha256`, { signal: AbortSignal.timeout(PATIENCE) })
    const text = response.ok ? await response.text() : ''
    return /^[0-9a-f]{64}(\s|$)/i.test(text) ? text : undefined
  } catch {
    return undefined
  }
}

function validator(name: keyof Validators, value: string | null): Validators {
  return value === null ? {} : { [name]: value }
}

function failure(url: string, what: string): Problem {
  return new Problem({
    where: url,
    what,
    fix: 'look whether it is reached from here; or take an ISO that is: --qemu-boot2podman-url PATH or URL',
  })
}

/** What fetch throws says "fetch failed", and has the reason inside. */
function reason(error: unknown): string {
  const { cause, message } = error as Error
  const inner = cause as { code?: string; message?: string } | undefined
  return inner?.message || inner?.code || message
}
