import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'

/**
 * A data disk for a machine: ext4 with the label that the machine looks for, with what `folder` holds;
 * its file goes with the block that holds it.
 */
export async function dataDisk(megabytes: number, { folder }: { folder?: string } = {}) {
  const place = await mkdtemp(join(tmpdir(), 'b2p-data-'))
  const file = join(place, 'data.img')
  await writeFile(file, '')
  await truncate(file, megabytes * 1024 * 1024)
  const content = folder === undefined ? [] : ['-d', folder]
  await run('mkfs.ext4', ['-q', '-L', 'boot2podman-data', ...content, file])
  const disk = { file, format: 'raw' as const }
  return { disk, [Symbol.asyncDispose]: () => rm(place, { recursive: true, force: true }) }
}
