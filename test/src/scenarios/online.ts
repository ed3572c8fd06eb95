import type { Machine } from '@boot2podman/qemu'

/** Waits until DHCP has given a machine its address, which the prompt does not wait for. */
export async function online(machine: Machine): Promise<void> {
  await machine.run('until ip route | grep -q default; do sleep 0.2; done')
}
