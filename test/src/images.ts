import type { Machine } from '@boot2podman/qemu'
import { inject } from 'vitest'

/** Debian from the registry, as the machine names it. */
export function debian(): string {
  return `10.0.2.2:${inject('registryPort')}/debian:trixie`
}

/** Pulls Debian unless the machine has it. Returns its name. */
export async function pulledDebian(machine: Machine): Promise<string> {
  const image = debian()
  await machine.run(`sudo podman image exists ${image} || sudo podman pull -q --tls-verify=false ${image}`, {
    timeout: 240,
  })
  return image
}

/** An image out of the machine's own busybox, without any network. Returns its name. */
export async function tinyImage(machine: Machine): Promise<string> {
  await machine.run(
    'mkdir -p /tmp/tiny/bin && cp "$(readlink -f "$(command -v busybox)")" /tmp/tiny/bin/busybox && ' +
      'tar -C /tmp/tiny -cf /tmp/tiny.tar . && sudo podman import -q /tmp/tiny.tar localhost/tiny && rm /tmp/tiny.tar',
  )
  return 'localhost/tiny'
}
