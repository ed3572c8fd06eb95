import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem, writeAtomic } from '@boot2podman/kit'
import type { Package } from '@boot2podman/tcz'
import { applyEdits, modify } from 'jsonc-parser'
import { readLock } from './lock.ts'

/** The version of tcz.json and the one that is pinned have to be one: told before anything is fetched. */
export function checkVersion(root: string, pkg: Package): void {
  const { source } = pkg
  const locked = readLock(root, pkg)
  const telling = locked.filter((file) => {
    // Of several Debian packages the first one gives the version; what stands in for a Go module has its own.
    if ('deb' in source) return file.package === source.deb[0]
    return !('go' in source) || file.package === undefined
  })
  for (const { version } of telling) {
    if (isVersion(version, pkg.version)) continue
    throw new Problem({
      where: join(pkg.folder, 'tcz.json'),
      what: `asks for ${pkg.name} ${pkg.version}, but ${plainVersion(version)} is pinned`,
      fix: `to pin what there is now: ./b2p pin ${pkg.name}`,
    })
  }
}

/** Writes another version into a package's tcz.json, all else left as it is. */
export async function moveVersion(
  root: string,
  pkg: Package,
  version: string,
  say: (line: string) => void,
): Promise<void> {
  if (isVersion(version, pkg.version)) return
  const file = join(root, pkg.folder, 'tcz.json')
  const text = readFileSync(file, 'utf8')
  const plain = plainVersion(version)
  await writeAtomic(file, applyEdits(text, modify(text, ['version'], plain, {})))
  say(`version ${pkg.version} -> ${plain}`)
}

/** Whether Debian's version is that of its authors: `2.1.13+ds1` is 2.1.13, `0.0~git20260728.f8df3f1` is 20260728. */
export function isVersion(debian: string, authors: string): boolean {
  return debian === authors || plainVersion(debian) === authors
}

/** The authors' version in a Debian version: no epoch, revision, repackaging mark or mark of a stable update. */
export function plainVersion(debian: string): string {
  const upstream = debian
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~]deb\d+u\d+$/, '')
  const snapshot = /^0\.0~git(\d{8})/.exec(upstream)?.[1]
  return snapshot ?? upstream.replace(/[+~.]?(ds|dfsg|repack)[.\d]*$/, '').replace(/^.*really/, '')
}
