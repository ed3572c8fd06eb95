import { run } from '@boot2podman/kit'
import { accelerator, commandLine, type MachineSpec } from '@boot2podman/qemu'

/** Boots an image in QEMU with its console in this terminal; says before how to leave it. */
export async function boot(iso: string, memory: number): Promise<void> {
  const spec: MachineSpec = { medium: { file: iso, as: 'ide-cd' }, memory }
  const { name: chosen, why } = await accelerator(spec)
  console.log(greeting(chosen, why))
  await run('qemu-system-x86_64', commandLine({ ...spec, accelerator: chosen }, 'terminal'), {
    inherit: true,
  })
}

/** What somebody should know before the console takes the terminal. */
export function greeting(accelerator: 'kvm' | 'tcg', why: string): string {
  const means = { kvm: 'KVM', tcg: 'plain emulation (TCG), slower' }[accelerator]
  return `
The user tc is logged in by itself; sudo asks for no password.
To leave: sudo poweroff, or Ctrl-A and then X.
QEMU runs it with ${means}: ${why}.
`
}
