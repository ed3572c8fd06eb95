import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { MachineSpec } from '@boot2podman/qemu'
import { inject } from 'vitest'

/** Boots what the medium's own menu would boot, with more words on the kernel's line: nobody is there to type them. */
export async function withBootCodes(...codes: string[]): Promise<NonNullable<MachineSpec['direct']>> {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-boot-'))
  await run('xorriso', ['-osirrox', 'on', '-indev', inject('iso'), '-extract', '/boot', folder])
  const menu = await readFile(join(folder, 'isolinux', 'isolinux.cfg'), 'utf8')
  const entry = (word: string) => new RegExp(`^\\s*${word}\\s+(.*)$`, 'im').exec(menu)?.[1] ?? ''
  const own = entry('append').split(/\s+/)
  const initramfs = own.find((word) => word.startsWith('initrd='))?.slice('initrd='.length) ?? entry('initrd')
  const inFolder = (path: string) => join(folder, path.replace(/^\/boot\//, ''))
  return {
    kernel: inFolder(entry('kernel')),
    initramfs: inFolder(initramfs),
    append: [...own.filter((word) => !word.startsWith('initrd=')), ...codes].join(' '),
  }
}
