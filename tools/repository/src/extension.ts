import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** An extension that lies in a repository, as the files beside it tell. */
export interface Extension {
  name: string
  /** Of the .tcz, in bytes. */
  size: number
  /** Hexadecimal, as `.sha256` says. */
  sha256: string
  /** The whole line of `.md5.txt`. */
  md5: string
  tags: string[]
  paths: string[]
  deps: string[]
}

/** What lies beside every extension. */
const BESIDE = ['dep', 'info', 'list', 'md5.txt', 'sha256', 'tree', 'zsync']

/** Reads what lies beside an extension; nothing, when it or one of its files is missing: it is not built yet. */
export async function readExtension(folder: string, name: string): Promise<Extension | undefined> {
  const tcz = join(folder, `${name}.tcz`)
  if (!existsSync(tcz) || BESIDE.some((suffix) => !existsSync(`${tcz}.${suffix}`))) return undefined
  const read = (suffix: string) => readFile(`${tcz}.${suffix}`, 'utf8')
  const [{ size }, dep, info, list, md5, sha256] = await Promise.all([
    stat(tcz),
    read('dep'),
    read('info'),
    read('list'),
    read('md5.txt'),
    read('sha256'),
  ])
  return {
    name,
    size,
    sha256: sha256.slice(0, 64),
    md5: md5.trimEnd(),
    tags: tagsOf(info),
    paths: lines(list),
    deps: lines(dep),
  }
}

function tagsOf(info: string): string[] {
  const tags = /^Tags:\s+(.*)$/m.exec(info)?.[1] ?? 'n/a'
  return tags === 'n/a' ? [] : tags.split(/\s+/)
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
