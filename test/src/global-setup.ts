import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { type Accelerator, accelerator } from '@boot2podman/qemu'
import type { TestProject } from 'vitest/node'
import { bootFiles, type Direct } from './boot-codes.ts'
import { startRegistry, startSecureRegistry } from './registry.ts'

declare module 'vitest' {
  interface ProvidedContext {
    iso: string
    accelerator: Accelerator['name']
    /** The kernel, the initramfs and the boot line of the image. */
    direct: Direct
    registryPort: number
    /** Wants TLS, and `tester` with the password `secret`. */
    secureRegistryPort: number
    /** PEM. */
    secureRegistryAuthority: string
  }
}

// Emulated, a program that lies elsewhere each time it is started is translated each time: a container takes twice as long.
const EMULATED = 'norandmaps'

/** What all scenarios share: the image, the accelerator, two registries. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const iso = join(import.meta.dirname, '../../dist/iso/boot2podman.iso')
  await access(iso).catch(() => {
    throw new Problem({ where: 'dist/iso/boot2podman.iso', what: 'not built yet', fix: './b2p iso' })
  })
  const { name, why } = await accelerator({ medium: { file: iso, as: 'ide-cd' }, memory: 256 })
  console.log(`accelerator: ${name} (${why})`)
  const [registry, secure] = await Promise.all([startRegistry(), startSecureRegistry()])
  const direct = await bootFiles(iso, join(import.meta.dirname, '../../dist/test'))
  if (name === 'tcg') direct.append += ` ${EMULATED}`
  project.provide('iso', iso)
  project.provide('direct', direct)
  project.provide('accelerator', name)
  project.provide('registryPort', registry.port)
  project.provide('secureRegistryPort', secure.port)
  project.provide('secureRegistryAuthority', secure.authority)
  return async () => {
    await Promise.all([registry.stop(), secure.stop()])
  }
}
