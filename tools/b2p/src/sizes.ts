import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, writeAtomic } from '@boot2podman/kit'

/** Bytes by name: of the parts of an image, or of the files of a package before they are packed. */
export type Sizes = Record<string, number>

/** What was measured of the newest build, and of the one before that had other bytes. */
export interface Measured {
  /** Of the file that was measured. */
  sha256: string
  now: Sizes
  before?: Sizes
}

/** Measures what an image is made of, and each package in it, unless that was done for these very bytes. */
export async function measureImage(name: string): Promise<Measured> {
  const file = join('dist/iso', `${name}.iso`)
  return await remember(`${name}.iso`, await digest(`${file}.sha256`), async () => {
    const sizes = parseLba(
      await run('xorriso', ['-indev', file, '-find', '/', '-type', 'f', '-exec', 'report_lba']),
    )
    for (const path of Object.keys(sizes)) {
      const one = /^\/cde\/optional\/([^/]+)\.tcz$/.exec(path)?.[1]
      if (one !== undefined && existsSync(join('dist/tcz', `${one}.tcz.sha256`))) await measurePackage(one)
    }
    return sizes
  })
}

/** Measures the files of a package, unless that was done for these very bytes. */
export async function measurePackage(name: string): Promise<Measured> {
  const file = join('dist/tcz', `${name}.tcz`)
  return await remember(`${name}.tcz`, await digest(`${file}.sha256`), async () =>
    parseListing(await run('unsquashfs', ['-lln', file])),
  )
}

/** Files of `unsquashfs -lln`: `-rwxr-xr-x 0/0  143944 2026-01-01 00:00 squashfs-root/usr/local/bin/conmon`. */
export function parseListing(text: string): Sizes {
  const lines = [...text.matchAll(/^-\S+ +\S+ +(\d+) \S+ \S+ squashfs-root\/(.*)$/gm)]
  return Object.fromEntries(lines.map(([, bytes, path = '']) => [path, Number(bytes)]))
}

/** Files of xorriso's `report_lba`: `File data lba:  0 ,  45 ,  66 , 134144 , '/cde/optional/conmon.tcz'`. */
export function parseLba(text: string): Sizes {
  const lines = [...text.matchAll(/^File data lba: *\d+ *, *\d+ *, *\d+ *, *(\d+) *, *'(.*)'$/gm)]
  return Object.fromEntries(lines.map(([, bytes, path = '']) => [path, Number(bytes)]))
}

async function digest(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).slice(0, 64)
}

async function remember(name: string, sha256: string, measure: () => Promise<Sizes>): Promise<Measured> {
  const file = join('dist/size', `${name}.json`)
  const last: Measured | undefined = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined
  if (last?.sha256 === sha256) return last
  const measured = { sha256, now: await measure(), ...(last && { before: last.now }) }
  await writeAtomic(file, `${JSON.stringify(measured)}\n`)
  return measured
}
