import { statSync } from 'node:fs'
import { Problem } from '@boot2podman/kit'
import { writeRepository } from '@boot2podman/repository'
import { readRepository } from '@boot2podman/tcz'
import { formatSeconds } from './format.ts'
import { Progress, type TaskEnd } from './progress.ts'
import { guardRemoteCache } from './remote-cache.ts'
import { runTarget } from './run-target.ts'
import { summarize } from './summary.ts'
import { throwIfUnpinned } from './unpinned.ts'

/** Runs a target of an Nx project and all that it needs; shows how far it is, then what came of it. */
export async function build(project: string, target: string): Promise<void> {
  const begun = Date.now()
  // Nx would tell a mistake in a recipe too, but once per plugin call and among words of its own.
  const repository = readRepository('.')
  throwIfUnpinned('.', repository, project)
  const progress = new Progress(console.log)
  const onStop = () => console.log('Stopping: what runs is ended first.')
  process.once('SIGINT', onStop)
  try {
    await using _ = await guardRemoteCache(console.log)
    await runTarget(project, target, progress)
  } finally {
    process.off('SIGINT', onStop)
  }
  const ends = progress.ends
  console.log(`\n${summarize(ends, sizeOf)}\n`)
  console.log(`${story(ends)}: ${formatSeconds((Date.now() - begun) / 1000)}.`)
  await writeRepository('.', repository, new Date())
  const [first, ...rest] = ends.filter(({ status }) => status === 'failed').map(failure)
  if (first) throw new Problem(first, ...rest)
}

function story(ends: readonly TaskEnd[]): string {
  const count = (status: TaskEnd['status']) => ends.filter((end) => end.status === status).length
  const cached = count('cache')
  if (cached === ends.length) return `Nothing changed: ${steps(cached)} came from the cache`
  const badly = count('failed') > 0 ? `, ${count('failed')} failed, ${count('skipped')} not run` : ''
  return `${steps(ends.length)}, ${cached} of them from the cache${badly}`
}

function steps(count: number): string {
  return count === 1 ? '1 step' : `${count} steps`
}

function failure({ project, target }: TaskEnd) {
  return {
    where: project,
    what: `its step "${target}" failed; what it said is above`,
    fix: AGAIN[target]?.(project) ?? `again, alone: ./b2p tcz ${project}`,
  }
}

const AGAIN: Record<string, (project: string) => string> = {
  iso: (project) => `again: ./b2p iso ${project}`,
  npm: () => 'again: ./b2p npm',
}

/** Of what a project makes, in bytes. */
function sizeOf(project: string): number | undefined {
  for (const file of [`dist/tcz/${project}.tcz`, `dist/iso/${project}.iso`]) {
    const size = statSync(file, { throwIfNoEntry: false })?.size
    if (size !== undefined) return size
  }
  return undefined
}
