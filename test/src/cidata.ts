import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '@boot2podman/kit'

/** A volume for cloud-init, as clouds hand it over, with these files; it goes with the block that holds it. */
export async function cloudVolume(label: string, kind: 'iso9660' | 'vfat', files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-cloud-'))
  const content = join(folder, 'content')
  await mkdir(content)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(content, name)), { recursive: true })
    await writeFile(join(content, name), text)
  }
  const file = join(folder, 'volume.img')
  switch (kind) {
    case 'iso9660':
      await run('xorriso', ['-as', 'mkisofs', '-quiet', '-J', '-r', '-V', label, '-o', file, content])
      break
    case 'vfat':
      await writeFile(file, '')
      await truncate(file, 1024 * 1024)
      await run('mkfs.vfat', ['-n', label, file])
      for (const name of new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))) {
        await run('mcopy', ['-s', '-i', file, join(content, name), '::'])
      }
      break
  }
  const disk = { file, format: 'raw' as const }
  return { disk, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
