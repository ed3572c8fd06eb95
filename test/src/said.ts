import type { Machine } from '@boot2podman/qemu'

/** What a command says, both streams, and its exit code. */
export async function said(machine: Machine, command: string, timeout = 120): Promise<string> {
  return await machine.run(`{ ${command}; } 2>&1; echo "code $?"`, { timeout })
}
