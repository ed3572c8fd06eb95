import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { mksquashfs } from '@boot2podman/builder'
import { run } from '@boot2podman/kit'
import { formatSigners } from '@boot2podman/repository'
import { formatLicences, imageBom, licencesOf, linkedInto } from '@boot2podman/sbom'
import type { Repository } from '@boot2podman/tcz'

/** The extension that tells a machine about its own image; no package, as it is about all of them. */
export const IMAGE_INFO = 'image-info'

const PLACE = 'usr/local/share/boot2podman'

export interface About {
  root: string
  repository: Repository
  /** The image, and all packages that it takes files from. */
  name: string
  names: readonly string[]
  signal: AbortSignal
}

/**
 * Makes the extension, as a folder that is not there yet and then FILE: whose signature a repository must have, what is in
 * the image (CycloneDX), under which licences. Returns the bill of materials.
 */
export async function makeImageInfo(
  about: About,
  folder: string,
  file: string,
  time: number,
): Promise<string> {
  const { root, repository, name, names, signal } = about
  const place = join(folder, PLACE)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'repository-signers'), await formatSigners())
  const version = repository.get('core')?.version ?? '0'
  const bom = await imageBom(root, { name, version }, repository, names)
  await writeFile(join(place, 'sbom.cdx.json'), bom)
  await writeFile(join(place, 'licences.txt'), await licences(about))
  // As one: in blocks as small as those of an extension it would be three times as large.
  await run('xz', ['--threads=1', '-9e', join(place, 'licences.txt')], { signal })
  const [packer, ...words] = await mksquashfs({ root, repository, say: console.log, signal })
  await run(packer, [...words, folder, file, ...options(time)], { signal })
  const sum = (await run('md5sum', [file], { signal })).slice(0, 32)
  await writeFile(`${file}.md5.txt`, `${sum}  ${basename(file)}\n`)
  return bom
}

async function licences({ root, repository, names }: About): Promise<string> {
  const packages = [...names].sort().flatMap((name) => {
    const pkg = repository.get(name)
    return pkg ? [pkg, ...linkedInto(root, repository, pkg)] : []
  })
  const found = []
  for (const pkg of new Set(packages)) found.push(...(await licencesOf(root, repository, pkg)))
  return formatLicences(found)
}

/** As a small package is packed. */
function options(time: number): string[] {
  return [
    ...[
      '-comp',
      'zstd',
      '-Xcompression-level',
      '19',
      '-b',
      '16K',
      '-no-fragments',
      '-no-xattrs',
      '-no-exports',
    ],
    ...['-noappend', '-no-progress', '-quiet', '-all-root', '-root-mode', '755'],
    ...['-all-time', String(time), '-mkfs-time', String(time)],
  ]
}
