import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageProblem } from '../usage-problem.ts'

/** Where ISO images are published. */
export const RELEASE = 'https://github.com/boot2podman/boot2podman/releases/latest/download/boot2podman.iso'

/** Where an ISO comes from: `http:` and `https:` URLs stay as they are, all else is an absolute path. */
export function isoSource(given: string): string {
  if (given === '') return ofRepository(import.meta.dirname) ?? RELEASE
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
function ofRepository(folder: string): string | undefined {
  const iso = join(folder, 'dist', 'iso', 'boot2podman.iso')
  if (existsSync(join(folder, 'iso', 'boot2podman.json')) && existsSync(iso)) return iso
  const above = dirname(folder)
  return above === folder ? undefined : ofRepository(above)
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
