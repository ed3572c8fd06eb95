import { access, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MachineFiles } from '../files.ts'
import { output } from '../processes.ts'

/** Makes the key that a machine is logged in to with, unless it is there. */
export async function makeKey({ key }: MachineFiles, name: string): Promise<void> {
  await makePair('ed25519', key, `podman-machine ${name}`)
}

/**
 * Makes the one of the machine's own keys that takes a machine seconds to make, and this computer none. The machine would
 * have it later, and its sshd would start again for it: whoever connects at that moment is refused.
 */
export async function makeHostKey(files: MachineFiles, name: string): Promise<void> {
  await makePair('rsa', hostKey(files), `root@${name}`)
}

/** Where that key is until the machine has it. */
export function hostKey({ folder }: Pick<MachineFiles, 'folder'>): string {
  return join(folder, 'ssh_host_rsa_key')
}

/** The half that is secret comes last: where it is, both are. */
async function makePair(type: 'ed25519' | 'rsa', file: string, comment: string): Promise<void> {
  if (await isThere(file)) return
  const temporary = `${file}.part`
  for (const part of [temporary, `${temporary}.pub`]) await rm(part, { force: true })
  await output('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', comment, '-f', temporary])
  await rename(`${temporary}.pub`, `${file}.pub`)
  await rename(temporary, file)
}

export async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
