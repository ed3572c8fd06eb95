import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'

/** Unpacks a tarball into a folder. Its one top folder, that nearly all have, is left away. */
export async function unpackTar(tarball: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await extract(tarball, folder)
  const [top, ...more] = await readdir(folder, { withFileTypes: true })
  if (!top?.isDirectory() || more.length > 0) return
  // A new name first: the top folder may hold an entry of its own name.
  const moved = join(folder, `.${top.name}.top`)
  await rename(join(folder, top.name), moved)
  for (const name of await readdir(moved)) await rename(join(moved, name), join(folder, name))
  await rm(moved, { recursive: true })
}

/** Unpacks a tarball as it is, with the modes it holds, for the user who runs this. */
export async function extract(tarball: string, folder: string): Promise<void> {
  await run('tar', [
    '--extract',
    '--no-same-owner',
    '--preserve-permissions',
    '--delay-directory-restore',
    `--file=${tarball}`,
    `--directory=${folder}`,
  ])
}

/** Packs what is in a folder: the same bytes for the same files, whoever made them and when. */
export async function pack(folder: string, tarball: string): Promise<void> {
  await run('tar', [
    '--create',
    '--format=posix',
    '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
    `--file=${tarball}`,
    `--directory=${folder}`,
    '.',
  ])
}
