import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageProblem } from '../usage-problem.ts'

/** What a machine's configuration says about where its ISO comes from. */
export interface Wanted {
  /** A path or a URL; empty: what there is. */
  Boot2PodmanURL: string
  /** Of what there is, the image with Kubernetes. */
  Kubernetes?: boolean
}

/** Where the ISO of a machine comes from: as it was told, else what the repository built, else the latest release. */
export function wantedSource({ Boot2PodmanURL, Kubernetes }: Wanted): string {
  if (Boot2PodmanURL !== '') return isoSource(Boot2PodmanURL)
  const name = Kubernetes ? 'boot2podman-kubernetes' : 'boot2podman'
  return ofRepository(name, import.meta.dirname) ?? releaseOf(name)
}

/** Where an image is published. */
export function releaseOf(name: string): string {
  return `https://github.com/boot2podman/boot2podman/releases/latest/download/${name}.iso`
}

/** An ISO as somebody names it: `http:` and `https:` URLs stay as they are, all else is an absolute path. */
export function isoSource(given: string): string {
  if (isUrl(given)) return given
  if (given.startsWith('file:')) return fileOf(given)
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(given)) {
    throw new UsageProblem({
      where: given,
      what: 'an ISO cannot be had from there',
      fix: 'expected a path, a file:// URL, or one with http:// or https://',
    })
  }
  return resolve(given)
}

export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source)
}

/** The image that was built last, if this program lies in its own repository. */
function ofRepository(name: string, folder: string): string | undefined {
  const iso = join(folder, 'dist', 'iso', `${name}.iso`)
  if (existsSync(join(folder, 'iso', `${name}.json`)) && existsSync(iso)) return iso
  const above = dirname(folder)
  return above === folder ? undefined : ofRepository(name, above)
}

function fileOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw new UsageProblem({
      where: url,
      what: `is no URL of a file: ${(error as Error).message}`,
      fix: 'such as file:///home/me/boot2podman.iso',
    })
  }
}
