import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { toolchain } from '@boot2podman/sources'
import type { Task } from './task.ts'

/** The package whose mksquashfs packs the others: what it writes differs from version to version, by a few bytes. */
const PACKER = 'squashfs-tools'

/**
 * The command line of mksquashfs: the pinned one, with its own libraries and loader, whatever this machine has. It is taken
 * from its pins, as its own .tcz has to be packed too. A repository without that package takes this machine's.
 */
export async function mksquashfs({
  root,
  repository,
  say,
  signal,
}: Omit<Task, 'pkg'>): Promise<[string, ...string[]]> {
  const pkg = repository.get(PACKER)
  if (!pkg) return ['mksquashfs']
  const folders = await toolchain(PACKER, { root, pkg, source: pkg.source, say, signal })
  const file = (path: string) =>
    folders.map((folder) => join(folder, path)).find((one) => existsSync(one)) ?? path
  const libraries = folders.map((folder) => join(folder, 'usr/lib/x86_64-linux-gnu')).join(':')
  return [file('usr/lib64/ld-linux-x86-64.so.2'), '--library-path', libraries, file('usr/bin/mksquashfs')]
}
