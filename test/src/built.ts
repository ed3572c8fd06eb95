import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'

const ROOT = join(import.meta.dirname, '../..')

/** Has a package built, and in the index: what is in no image may not be. */
export async function built(name: string): Promise<void> {
  if (existsSync(join(ROOT, 'dist/tcz', `${name}.tcz`))) return
  await run(process.execPath, ['tools/b2p/src/cli.ts', 'tcz', name], { cwd: ROOT })
}
