import type { Machine } from '@boot2podman/qemu'
import { inject } from 'vitest'

/** The registry with TLS, as the machine names it. */
export function secureRegistry(): string {
  return `10.0.2.2:${inject('secureRegistryPort')}`
}

/** Gives the machine the registry's authority, as its documentation says, and logs root in. Returns the registry's name. */
export async function trustedRegistry(machine: Machine): Promise<string> {
  const registry = secureRegistry()
  const folder = `/etc/containers/certs.d/${registry}`
  await machine.run(`sudo mkdir -p ${folder} && sudo tee ${folder}/ca.crt >/dev/null <<'END'
${inject('secureRegistryAuthority')}END
echo secret | sudo podman login --username tester --password-stdin ${registry}`)
  return registry
}
