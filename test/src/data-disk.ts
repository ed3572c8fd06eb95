import { copyFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'

const MB = 1024 * 1024
const MAGIC = 'boot2podman, please format-me'

const MAKE = {
  ext4: ['mkfs.ext4', '-q', '-L'],
  xfs: ['mkfs.xfs', '-q', '-L'],
  btrfs: ['mkfs.btrfs', '-q', '-L'],
}

interface DataDisk {
  /** For MachineSpec's `disks`. */
  disk: { file: string; format: 'raw' }
  folder: string
  /** As a host does that gives its guest a larger disk. */
  enlarge(megabytes: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A data disk for a machine, without partitions: labelled as the machine looks for it, and with all that is in `folder`.
 * Its file goes with the block that holds it. XFS has a label of 12 bytes at most: ours does not fit there.
 */
export async function dataDisk(
  megabytes: number,
  {
    folder,
    label = 'boot2podman-data',
    type = 'ext4',
  }: { folder?: string; label?: string; type?: keyof typeof MAKE } = {},
): Promise<DataDisk> {
  const disk = await emptyDisk(megabytes)
  const [program = '', ...options] = MAKE[type]
  const content = folder === undefined ? [] : [type === 'btrfs' ? '--rootdir' : '-d', folder]
  await run(program, [...options, label, ...content, disk.disk.file])
  return disk
}

/** A disk that asks to be formatted: a tar whose first member is the request itself, then all that is in `folder`. */
export async function requestDisk(megabytes: number, folder?: string): Promise<DataDisk & { tar: string }> {
  const disk = await emptyDisk(megabytes)
  const request = join(disk.folder, 'request')
  await mkdir(request)
  await writeFile(join(request, MAGIC), MAGIC)
  const tar = join(disk.folder, 'userdata.tar')
  const content = folder === undefined ? [] : ['-C', folder, '.']
  await run('tar', ['--format=ustar', '-cf', tar, '-C', request, MAGIC, ...content])
  await copyFile(tar, disk.disk.file)
  await disk.enlarge(megabytes)
  return { ...disk, tar }
}

/** A disk of zeros. */
export async function emptyDisk(megabytes: number): Promise<DataDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-data-'))
  const file = join(folder, 'data.img')
  await writeFile(file, '')
  await truncate(file, megabytes * MB)
  return {
    disk: { file, format: 'raw' },
    folder,
    enlarge: (megabytes) => truncate(file, megabytes * MB),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
