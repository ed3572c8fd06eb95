import { createHash } from 'node:crypto'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, run } from '@boot2podman/kit'
import { debianMirror } from './debian-mirror.ts'
import { writeOciLayout } from './oci-layout.ts'

// A shell, something to eat memory with, something to talk over a network with.
const PACKAGES = ['base-files', 'coreutils', 'dash', 'libc-bin', 'netcat-openbsd', 'perl-base']
const WASTE = ['doc', 'info', 'locale', 'man', 'zoneinfo', '../lib/x86_64-linux-gnu/gconv']

const OPTIONS = [
  '--variant=extract',
  `--include=${PACKAGES.join(',')}`,
  `--extract-hook=cd "$1/usr/share" && rm -rf ${WASTE.join(' ')}`,
  // No maintainer's script runs here, so nobody else makes this link.
  '--extract-hook=ln -s nc.openbsd "$1/usr/bin/nc"',
  'trixie',
]

/** A small Debian as an OCI layout: 14 MB, made once in some seconds, kept in the cache. */
export async function debianImage(): Promise<string> {
  const recipe = createHash('sha256').update(OPTIONS.join('\n')).digest('hex').slice(0, 12)
  const layout = cacheFolder('test', `debian-image-${recipe}`)
  const made = await stat(layout).catch(() => undefined)
  if (made) return layout
  const work = `${layout}.work`
  await rm(work, { recursive: true, force: true })
  await mkdir(work, { recursive: true })
  const root = join(work, 'root.tar')
  await run('mmdebstrap', [...OPTIONS, root, await debianMirror()])
  await run('gzip', ['-n', root])
  await writeOciLayout(layout, `${root}.gz`, ['/bin/sh'])
  await rm(work, { recursive: true })
  return layout
}
