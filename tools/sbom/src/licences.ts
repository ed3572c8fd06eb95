import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { cacheFolder, run, writeAtomic } from '@boot2podman/kit'
import { workFolder } from '@boot2podman/sandbox'
import { type Archive, debianArchive, sourceArchives } from '@boot2podman/sources'
import type { Package, Repository } from '@boot2podman/tcz'
import type { Licence } from './format-licences.ts'
import { modulesOf } from './parts.ts'
import { serialNumber } from './serial.ts'

/** What is found changes with this module too: then this number does. */
const FORM = '1'
/** What such files are called, wherever they lie in a source. */
const NAME = /^(?:un)?(?:licen[cs]e|copying|copyright|notice|patents)(?:[-._].*)?$/i
/** A folder of them, as reuse.software has it; what is in it is named by the licence. */
const FOLDER = /(?:^|\/)LICENSES\/[^/]+$/
/** Code that is named so, and texts that are about licences. */
const OTHER = /\.(?:c|h|go|rs|py|pl|sh|json|html|tmpl|in|spdx)$/i

/** The licences that lie in the sources of a package: of itself and of all that is linked into it. */
export async function licencesOf(root: string, repository: Repository, pkg: Package): Promise<Licence[]> {
  if ('local' in pkg.source) {
    return [{ by: `${pkg.name}: LICENSE`, text: await readFile(join(root, 'LICENSE'), 'utf8') }]
  }
  const modules = (await modulesOf(root, pkg)).map(({ path }) => path)
  const lock = await readFile(join(root, pkg.folder, 'tcz.lock'), 'utf8')
  const kept = cacheFolder(
    'licences',
    `${serialNumber(FORM, lock, ...modules).slice('urn:uuid:'.length)}.json`,
  )
  if (existsSync(kept)) return JSON.parse(await readFile(kept, 'utf8'))
  const found: Licence[] = []
  for (const archive of await sourceArchives(root, pkg)) {
    const other = await documentedBy(archive)
    const where = other === undefined ? archive : await debianArchive(root, repository, other)
    for (const { path, text } of where ? await licencesIn(where) : []) {
      if (isLinked(path, modules)) found.push({ by: `${pkg.name}: ${path}`, text })
    }
  }
  await writeAtomic(kept, JSON.stringify(found))
  return found
}

/** Of vendored Go modules only those count that are in the program. */
function isLinked(path: string, modules: readonly string[]): boolean {
  const [, vendored] = /^vendor\/(.*)$/.exec(path) ?? []
  if (vendored === undefined || modules.length === 0) return true
  return modules.some((module) => vendored.startsWith(`${module}/`))
}

async function licencesIn({ name, file }: Archive): Promise<{ path: string; text: string }[]> {
  await using work = await workFolder()
  const tar = name.endsWith('.deb') ? await debTar(file, work.path) : file
  const paths = (await run('tar', ['--list', '--quoting-style=literal', `--file=${tar}`]))
    .split('\n')
    .filter(
      (path) => !path.endsWith('/') && !OTHER.test(path) && (NAME.test(basename(path)) || FOLDER.test(path)),
    )
  if (paths.length === 0) return []
  const tree = join(work.path, 'tree')
  await mkdir(tree)
  await writeFile(join(work.path, 'paths'), paths.join('\n'))
  const list = `--files-from=${join(work.path, 'paths')}`
  await extract(tar, tree, '--verbatim-files-from', list)
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  const files = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  const texts = files.sort().map(async (one) => {
    // Mostly UTF-8; what is not has its one odd letter in somebody's name.
    return { path: relative(tree, one), text: normal(await readFile(one, 'utf8')) }
  })
  return (await Promise.all(texts)).filter(({ text }) => text.trim() !== '')
}

/** The Debian package whose copyright file is this one's too: its own folder of documents is a link to that one's. */
async function documentedBy({ name, file }: Archive): Promise<string | undefined> {
  if (!name.endsWith('.deb')) return undefined
  await using work = await workFolder()
  const tar = await debTar(file, work.path)
  const folder = `./usr/share/doc/${name.split('_', 1).join()}`
  const entries = (await run('tar', ['--list', `--file=${tar}`])).split('\n')
  // A folder's name would end with a slash.
  if (!entries.includes(folder)) return undefined
  await extract(tar, work.path, folder)
  return basename(await readlink(join(work.path, folder)))
}

/** Whoever packed it, it is for who runs this: in an ordinary user's container root may not give files to others. */
async function extract(tar: string, folder: string, ...what: string[]): Promise<void> {
  await run('tar', ['--extract', '--no-same-owner', `--file=${tar}`, `--directory=${folder}`, ...what])
}

/** The data of a .deb, of which only its own copyright file is wanted: so the rest is not unpacked. */
async function debTar(file: string, folder: string): Promise<string> {
  const tar = join(folder, 'data.tar')
  await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" >"$2"', 'sh', file, tar])
  return tar
}

/** Lines end alike, without blanks behind them: so the same text is the same. */
function normal(text: string): string {
  return `${text.replace(/[ \t\r\f]+$/gm, '').trim()}\n`
}
