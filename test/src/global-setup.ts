import type { TestProject } from 'vitest/node'
import { provideImage } from './provide-image.ts'
import { startRegistry, startSecureRegistry } from './registry.ts'

declare module 'vitest' {
  interface ProvidedContext {
    registryPort: number
    /** Wants TLS, and `tester` with the password `secret`. */
    secureRegistryPort: number
    /** PEM. */
    secureRegistryAuthority: string
  }
}

/** What all scenarios share: the image, the accelerator, two registries. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await provideImage(project, 'boot2podman')
  const [registry, secure] = await Promise.all([startRegistry(), startSecureRegistry()])
  project.provide('registryPort', registry.port)
  project.provide('secureRegistryPort', secure.port)
  project.provide('secureRegistryAuthority', secure.authority)
  return async () => {
    await Promise.all([registry.stop(), secure.stop()])
  }
}
