import { lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { asRoot } from '@boot2podman/sandbox'
import { EPOCH } from './epoch.ts'
import type { Owner } from './owners.ts'

/** Writes a tree as a tar that depends on its content alone: sorted by bytes, one time, root's but for the owners given. */
export async function writeTar(
  tree: string,
  file: string,
  owners: readonly Owner[],
  signal: AbortSignal,
): Promise<void> {
  const add = async (names: string[], exclude: string[], more: string[]) => {
    const args = [
      ...['--directory', tree, '--file', file, '--format=gnu', '--sort=name', `--mtime=@${EPOCH}`],
      ...['--numeric-owner', '--anchored', '--no-wildcards', ...exclude.map((path) => `--exclude=${path}`)],
      ...[...more, '--null', '--verbatim-files-from', '--files-from=-'],
    ]
    await run(...asRoot('tar', args), { signal, input: names.map((name) => `${name}\0`).join('') })
  }
  const paths = owners.map(({ path }) => path)
  await add(await children(tree), paths, ['--create', '--owner=root:0', '--group=root:0'])
  for (const { path, uid, gid, mode } of owners) {
    const owner = ['--append', `--owner=user:${uid}`, `--group=group:${gid}`]
    await add([path], [], [...owner, `--mode=${mode}`, '--no-recursion'])
    const below = paths.filter((other) => other.startsWith(`${path}/`))
    const names = (await children(join(tree, path))).map((name) => join(path, name))
    if (names.length > 0) await add(names, below, owner)
  }
}

/** Unpacks such a tar, with all modes; everything is the caller's own. Makes the folder. */
export async function readTar(file: string, folder: string, signal: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true })
  const args = [
    '--extract',
    '--file',
    file,
    '--directory',
    folder,
    '--no-same-owner',
    '--preserve-permissions',
  ]
  await run(...asRoot('tar', args), { signal })
}

/** Names in a folder, sorted by bytes; a file has none. */
async function children(path: string): Promise<string[]> {
  if (!(await lstat(path)).isDirectory()) return []
  const names = await readdir(path)
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}
