import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { MachineSpec } from '@boot2podman/qemu'
import { inject } from 'vitest'

export type Direct = NonNullable<MachineSpec['direct']>

/** Boots what the medium's own menu would boot, with more words on the kernel's line: nobody is there to type them. */
export function withBootCodes(...codes: string[]): Direct {
  const direct = inject('direct')
  return { ...direct, append: [direct.append, ...codes].join(' ') }
}

/**
 * What the medium's own menu boots, for QEMU to boot it without firmware and boot loader. It lies in a folder of its own below this
 * one for as long as that is kept: who boots the machine of a failed test by hand needs it.
 */
export async function bootFiles(iso: string, below: string): Promise<Direct> {
  const [checksum = ''] = (await readFile(`${iso}.sha256`, 'utf8')).split(' ')
  const folder = join(below, `boot-${checksum.slice(0, 12)}`)
  if (!(await isThere(folder))) await extract(iso, folder)
  const menu = await readFile(join(folder, 'isolinux', 'isolinux.cfg'), 'utf8')
  const entry = (word: string) => new RegExp(`^\\s*${word}\\s+(.*)$`, 'im').exec(menu)?.[1] ?? ''
  const own = entry('append').split(/\s+/)
  const initramfs = own.find((word) => word.startsWith('initrd='))?.slice('initrd='.length) ?? entry('initrd')
  const inFolder = (path: string) => join(folder, path.replace(/^\/boot\//, ''))
  return {
    kernel: inFolder(entry('kernel')),
    initramfs: inFolder(initramfs),
    append: own.filter((word) => !word.startsWith('initrd=')).join(' '),
  }
}

/** In one piece or not at all: a run of the tests in a test does the same. */
async function extract(iso: string, folder: string): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true })
  const part = await mkdtemp(`${folder}.`)
  await run('xorriso', ['-osirrox', 'on', '-indev', iso, '-extract', '/boot', part])
  await rename(part, folder).catch(async (error) => {
    await rm(part, { recursive: true, force: true })
    if (!(await isThere(folder))) throw error
  })
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined)) !== undefined
}
