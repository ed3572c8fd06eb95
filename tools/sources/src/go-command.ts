import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder, run } from '@boot2podman/kit'
import type { Job } from './kind.ts'
import { toolchain } from './toolchain.ts'

/** Runs the pinned Go in the recipe's folder, where its go.mod is. */
export async function goCommand(job: Job, args: string[], onLine?: (line: string) => void): Promise<string> {
  const [files = ''] = await toolchain('go', job)
  const [command = ''] = globSync('usr/lib/go-*/bin/go', { cwd: files })
  return await run(join(files, command), args, {
    cwd: join(job.root, job.pkg.folder),
    env: {
      GOROOT: dirname(dirname(join(files, command))),
      GOTOOLCHAIN: 'local',
      GOWORK: 'off',
      GOFLAGS: '-mod=mod -modcacherw',
      GOCACHE: cacheFolder('go', 'build'),
      GOMODCACHE: cacheFolder('go', 'modules'),
    },
    ...(onLine && { onLine }),
    ...(job.signal && { signal: job.signal }),
  })
}
