import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeAtomic } from '@boot2podman/kit'
import { type Package, readRepository, type Source } from '@boot2podman/tcz'
import { onTestFinished } from 'vitest'

/** A new folder, which goes with the test that asks for it. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sources-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** For tests: a repository with one package, and a cache of its own, both in a new folder. */
export class Workplace {
  readonly root = testFolder()

  constructor() {
    process.env.B2P_CACHE = join(this.root, 'cache')
  }

  /** Writes the recipe of a package and reads it. */
  async recipe(source: Source, version = '1.0'): Promise<Package> {
    const recipe = { version, licence: 'MIT', summary: 'a package for tests', source }
    await mkdir(join(this.root, 'packages/hello'), { recursive: true })
    await writeAtomic(join(this.root, 'packages/hello/tcz.json'), JSON.stringify(recipe))
    return this.package()
  }

  package(): Package {
    return readRepository(this.root).get('hello') as Package
  }
}
