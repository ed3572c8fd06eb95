import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { build } from '../build.ts'
import { type Command, onlyWords } from '../command.ts'

// The same that the machine has.
const PROGRAM = join(import.meta.dirname, '../../../../packages/core/rootfs/usr/sbin/b2p-check')

export const checkKernel: Command = {
  usage: 'check-kernel [FILE]',
  does: 'Tell what a kernel has of all that containers ask for, and what each is for',
  more: `FILE is the .config of any kernel, or its config.gz. Without it the kernel of this repository is built and looked at.
Exit code 1 when something that is required is missing. In the machine b2p-check tells it of the kernel that runs.`,
  examples: ['./b2p check-kernel', './b2p check-kernel /boot/config-6.1.0-37-amd64'],
  async run(words) {
    onlyWords(checkKernel, words, 1)
    const [file] = words
    if (file !== undefined) return await check(file)
    await build('kernel', 'build')
    await checkBuilt('dist/build/kernel.tar')
  },
}

/** Checks the configuration that a kernel's archive holds. */
export async function checkBuilt(archive: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-kernel-'))
  try {
    await run('tar', ['-x', '-f', archive, '-C', folder, 'boot/config'])
    await check(join(folder, 'boot/config'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function check(file: string): Promise<void> {
  try {
    await run('sh', [PROGRAM, file], { inherit: true })
  } catch {
    // It has said why.
    process.exitCode = 1
  }
}
