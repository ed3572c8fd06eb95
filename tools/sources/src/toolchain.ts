import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder, Problem } from '@boot2podman/kit'
import { closure, readRepository } from '@boot2podman/tcz'
import { deb } from './deb.ts'
import { exclusive } from './exclusive.ts'
import type { Job, SourceOf } from './kind.ts'
import { readLock } from './lock.ts'
import { settleModes } from './modes.ts'
import { temporaryFolder } from './temporary.ts'

/**
 * Folders with the files of a toolchain package of this repository, its own first, and of each package that it needs.
 * So Go's and Rust's own fetching is done by the pinned versions, and this machine needs neither.
 */
export async function toolchain(name: string, job: Job): Promise<string[]> {
  const packages = readRepository(job.root)
  if (!packages.has(name)) {
    throw new Problem({
      where: join(job.pkg.folder, 'tcz.json'),
      what: `a source of this kind is fetched with the package "${name}", and there is none`,
    })
  }
  const folders: string[] = []
  for (const part of closure([name], (one) => packages.get(one)?.deps ?? [])) {
    const pkg = packages.get(part)
    if (pkg && 'deb' in pkg.source) folders.unshift(await unpackOnce({ ...job, pkg, source: pkg.source }))
  }
  return folders
}

async function unpackOnce(job: Job<SourceOf<'deb'>>): Promise<string> {
  const { root, pkg, say } = job
  const locked = readLock(root, pkg)
  const folder = cacheFolder('toolchains', `${pkg.name}-${await keyOf(job)}`)
  await exclusive(`${folder}.lock`, job.signal, async () => {
    if (existsSync(folder)) return
    await using part = await temporaryFolder()
    const whole = join(part.path, 'whole')
    await deb.fetch(job, locked)
    say(`unpack ${pkg.name}`)
    await deb.unpack(job, locked, whole)
    await settleModes(whole)
    await mkdir(dirname(folder), { recursive: true })
    await rename(whole, folder)
  })
  return folder
}

async function keyOf({ root, pkg, source }: Job): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(source))
  hash.update(await readFile(join(root, pkg.folder, 'tcz.lock')))
  return hash.digest('hex').slice(0, 16)
}
