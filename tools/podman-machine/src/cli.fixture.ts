import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder } from '@boot2podman/kit'

export type Sandbox = Awaited<ReturnType<typeof sandbox>>

/** The program as somebody calls it, with a store and a home of its own, and nothing of this user's. */
export async function sandbox() {
  const folder = await mkdtemp(join(tmpdir(), 'podman-machine-'))
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    SHELL: '/bin/bash',
    MACHINE_STORAGE_PATH: join(folder, 'store'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    B2P_ACCEL: 'tcg',
    // Hundreds of starts: what Node made of the sources once is there for the next.
    NODE_COMPILE_CACHE: cacheFolder('test', 'compiled'),
  }
  // podman refuses to write one that is not there.
  await writeFile(env.CONTAINERS_CONF, '')
  const run = (
    words: readonly string[],
    { env: more = {}, input = '' }: { env?: Record<string, string | undefined>; input?: string } = {},
  ) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        [join(import.meta.dirname, 'cli.ts'), ...words],
        { env: { ...env, ...more }, cwd: folder },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      )
      child.stdin?.end(input)
    })
  return {
    folder,
    store: env.MACHINE_STORAGE_PATH,
    env,
    run,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
