import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'

/**
 * A data disk for a machine: ext4 with the label that the machine looks for; its file goes with the block that holds it.
 * With `content` it holds the files of that folder.
 */
export async function dataDisk(megabytes: number, content?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-data-'))
  const file = join(folder, 'data.img')
  await writeFile(file, '')
  await truncate(file, megabytes * 1024 * 1024)
  const files = content === undefined ? [] : ['-d', content]
  await run('mkfs.ext4', ['-q', '-L', 'boot2podman-data', ...files, file])
  const disk = { file, format: 'raw' as const }
  return { disk, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
