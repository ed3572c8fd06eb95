import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { type Accelerator, accelerator } from '@boot2podman/qemu'
import type { TestProject } from 'vitest/node'
import { bootFiles, type Direct } from './boot-codes.ts'

declare module 'vitest' {
  interface ProvidedContext {
    iso: string
    accelerator: Accelerator['name']
    /** The kernel, the initramfs and the boot line of the image. */
    direct: Direct
  }
}

// Emulated, a program that lies elsewhere each time it is started is translated each time: a container takes twice as long.
const EMULATED = 'norandmaps'

/** Has scenarios boot this image, with the best that this host has to run it. */
export async function provideImage(project: TestProject, name: string): Promise<void> {
  const iso = join(import.meta.dirname, '../../dist/iso', `${name}.iso`)
  await access(iso).catch(() => {
    throw new Problem({ where: `dist/iso/${name}.iso`, what: 'not built yet', fix: `./b2p iso ${name}` })
  })
  const { name: chosen, why } = await accelerator({ medium: { file: iso, as: 'ide-cd' }, memory: 256 })
  console.log(`accelerator: ${chosen} (${why})`)
  const direct = await bootFiles(iso, join(import.meta.dirname, '../../dist/test'))
  if (chosen === 'tcg') direct.append += ` ${EMULATED}`
  project.provide('iso', iso)
  project.provide('direct', direct)
  project.provide('accelerator', chosen)
}
