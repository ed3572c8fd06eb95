import { existsSync } from 'node:fs'
import { stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem, run } from '@boot2podman/kit'
import { asRoot, workFolder } from '@boot2podman/sandbox'
import { formatDep, formatInfo, formatList, formatMd5, formatSha256, formatTree } from '@boot2podman/tcz'
import { checkRules } from './checks/index.ts'
import { md5, sha256 } from './digest.ts'
import { readElfs } from './elf.ts'
import { EPOCH } from './epoch.ts'
import { readOwners } from './owners.ts'
import { runStep } from './step.ts'
import { readTar } from './tar.ts'
import { isToolchain, needs, type Task, tarFile, tczFile } from './task.ts'
import { type Entry, readTree } from './tree.ts'

/** A task with the command line of mksquashfs, which whoever runs the step finds (packer.ts). */
export interface PackTask extends Task {
  mksquashfs: readonly string[]
}

const SIDE_FILES = ['.dep', '.list', '.info', '.tree', '.md5.txt', '.sha256', '.zsync']

/** Tree to extension: the rules, then dist/tcz/NAME.tcz with Tiny Core's files beside it, itself the last. */
export async function pack(task: PackTask): Promise<void> {
  const { root, pkg, signal } = task
  const tar = join(root, tarFile(pkg.name))
  if (!existsSync(tar)) {
    const fix = `to build it: ./b2p tcz ${pkg.name}`
    throw new Problem({ where: pkg.folder, what: `${tarFile(pkg.name)} is not there yet`, fix })
  }
  const tcz = tczFile(pkg.name)
  const outputs = [...SIDE_FILES.map((suffix) => tcz + suffix), tcz] as const
  const make = async (folder: string) => {
    await using work = await workFolder()
    const tree = join(work.path, 'tree')
    await readTar(tar, tree, signal)
    const entries = await readTree(tree)
    const elfs = await readElfs(tree, entries)
    checkRules({ pkg, entries, elfs, owners: readOwners(root, pkg) })
    await squash(task, tar, join(folder, `${pkg.name}.tcz`))
    await writeSideFiles(task, entries, folder)
  }
  await runStep(task, { doing: 'packing', outputs, make })
}

// In bytes. Above it smaller blocks would cost more on the medium than they save in memory.
const SMALL = 4 * 1024 * 1024
// Who runs a program of this size has memory to read it by large blocks; they take 8 % less room. Podman is smaller: with
// blocks of 128 KiB a container in 128 MB took 1.4 times as long, as pages that were dropped are unpacked again by the block.
const LARGE = 64 * 1024 * 1024

async function squash({ pkg, mksquashfs, signal }: PackTask, tar: string, tcz: string): Promise<void> {
  // Level 19 takes 15 times as long as 9 for 7 % less: right for what is in an image, a toolchain stays at home.
  const level = isToolchain(pkg) ? '6' : '19'
  // The kernel holds buffers of a few blocks for each mounted file, and reads whole blocks: with 128 KiB and fragments 25
  // extensions took 22 MB of a machine's 128.
  const { size } = await stat(tar)
  const block = size < SMALL ? '16K' : size < LARGE ? '32K' : '128K'
  const args = [
    ...['-', tcz, '-tar', '-comp', 'zstd', '-Xcompression-level', level, '-b', block, '-no-fragments'],
    ...['-no-xattrs', '-no-exports', '-noappend', '-no-progress', '-quiet'],
    ...['-root-mode', '755', '-all-time', String(EPOCH), '-mkfs-time', String(EPOCH)],
  ]
  // The root folder is not in the tar: it gets the user who packs, so that is root.
  const command = [...mksquashfs, ...args]
  await run(...asRoot('sh', [join(import.meta.dirname, 'pack.sh'), tar, ...command]), { signal })
}

async function writeSideFiles(task: Task, entries: readonly Entry[], folder: string): Promise<void> {
  const { repository, pkg, signal } = task
  const { name } = pkg
  const tcz = join(folder, `${name}.tcz`)
  const files = entries.filter(({ type }) => type !== 'folder').map(({ path }) => path)
  const { size } = await stat(tcz)
  const texts = {
    dep: formatDep(pkg.deps),
    list: formatList(files),
    info: formatInfo({ ...pkg, size }),
    tree: formatTree(name, (one) => needs(repository, one)),
    'md5.txt': formatMd5(name, await md5(tcz)),
    sha256: formatSha256(name, await sha256(tcz)),
  }
  for (const [suffix, text] of Object.entries(texts)) await writeFile(`${tcz}.${suffix}`, text)
  // zsync tells the file's time.
  await utimes(tcz, EPOCH, EPOCH)
  await run('zsyncmake', ['-u', `${name}.tcz`, '-o', `${tcz}.zsync`, tcz], { cwd: folder, signal })
}
