import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '@boot2podman/kit'
import type { Package, Repository } from '@boot2podman/tcz'
import { linkedInto } from './linked.ts'
import { serialNumber } from './serial.ts'

/** What a bill says may change with this program too: then this number does. */
const FORM = '1'
/** Of a recipe, what is told in a bill. */
const TOLD = ['tcz.json', 'tcz.lock', 'go.sum']

/** Writes dist/tcz/NAME.tcz.cdx.json for each of these packages; one that is right already is left alone. */
export async function writeBoms(
  root: string,
  repository: Repository,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const pkg = repository.get(name)
    if (pkg) await writeBom(root, repository, pkg)
  }
}

async function writeBom(root: string, repository: Repository, pkg: Package): Promise<void> {
  const file = join(root, 'dist/tcz', `${pkg.name}.tcz.cdx.json`)
  const recipes = [pkg, ...linkedInto(root, repository, pkg)].flatMap(({ folder }) =>
    TOLD.map((one) => join(root, folder, one)).filter((one) => existsSync(one)),
  )
  const serial = serialNumber(
    FORM,
    readFileSync(join(root, 'dist/tcz', `${pkg.name}.tcz.sha256`), 'utf8'),
    ...recipes.map((one) => readFileSync(one, 'utf8')),
  )
  if (await begins(file, serial)) return
  // The library takes longer to load than all bills that are right take to look at.
  const { packageBom } = await import('./bom.ts')
  await writeAtomic(file, await packageBom(root, repository, pkg, serial))
}

/** Whether a bill has this serial number. It is in its first lines. */
async function begins(file: string, serial: string): Promise<boolean> {
  if (!existsSync(file)) return false
  await using handle = await open(file)
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(512) })
  return buffer.toString('utf8', 0, bytesRead).includes(`"${serial}"`)
}
