import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Problem, run } from '@boot2podman/kit'

/** For what the key signs: a signature for anything else is none of a repository. */
const NAMESPACE = 'boot2podman-repository'
/** Who signs, in the file of those whom a machine believes. */
const PRINCIPAL = 'boot2podman'

/** The private key that signs a repository's index. Never in the tree. */
export function keyFile(): string {
  const { B2P_REPOSITORY_KEY, XDG_CONFIG_HOME } = process.env
  return (
    B2P_REPOSITORY_KEY || join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'boot2podman/repository-key')
  )
}

/** Makes the key unless there is one. Returns its file. */
export async function haveKey(): Promise<string> {
  const file = keyFile()
  if (existsSync(file)) return file
  await mkdir(dirname(file), { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new Problem({
      where: file,
      what: `the key that signs the repository's index cannot be made here: ${error.message}`,
      fix: 'to keep it elsewhere: export B2P_REPOSITORY_KEY=FILE',
    })
  })
  const made = `${file}.${randomUUID()}`
  try {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'boot2podman repository', '-f', made])
    await link(made, file)
  } catch (error) {
    // Two builds may begin at the same time: the first one's key is everybody's.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await Promise.all([made, `${made}.pub`].map((one) => rm(one, { force: true })))
  }
  return file
}

/** Signs a text as `ssh-keygen -Y verify` wants it. With an Ed25519 key the same text gives the same signature. */
export async function sign(text: string): Promise<string> {
  return run('ssh-keygen', ['-q', '-Y', 'sign', '-f', await haveKey(), '-n', NAMESPACE], { input: text })
}

/** The file by which a machine knows the key: OpenSSH's `allowed_signers`. */
export async function formatSigners(): Promise<string> {
  const [type, key] = (await run('ssh-keygen', ['-y', '-P', '', '-f', await haveKey()])).split(/\s/)
  return `${PRINCIPAL} namespaces="${NAMESPACE}" ${type} ${key}\n`
}
