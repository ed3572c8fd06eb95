import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'

const ROOT = join(import.meta.dirname, '../..')

/** A copy of this tree as its files are now, as somebody's who works in it: of what he makes nothing gets in here. */
export async function ownTree(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'b2p-tree-'))
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  // Git lists what was deleted too, until that is committed.
  const files = (await run('git', list, { cwd: ROOT }))
    .split('\0')
    .filter((file) => file !== '' && existsSync(join(ROOT, file)))
  for (const file of files) await cp(join(ROOT, file), join(path, file), { verbatimSymlinks: true })
  await run('cp', ['-a', join(ROOT, 'node_modules'), path])
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
