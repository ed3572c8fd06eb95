import { existsSync } from 'node:fs'
import { appendFile, chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Problem, run } from '@boot2podman/kit'
import { asRoot, enter, workFolder } from '@boot2podman/sandbox'
import { unpackSource } from '@boot2podman/sources'
import { closure } from '@boot2podman/tcz'
import { makeBase } from './base.ts'
import { copyTree } from './copy-tree.ts'
import { EPOCH } from './epoch.ts'
import { openLayers } from './layers.ts'
import { openLog } from './log.ts'
import { checkOwners, readOwners } from './owners.ts'
import { environment, oneStream } from './script.ts'
import { runStep } from './step.ts'
import { writeTar } from './tar.ts'
import { logFile, needs, type Task, tarFile } from './task.ts'

const COMMAND = oneStream('/build/recipe/build.sh')

/** Recipe to tree: the source, its patches, build.sh without a network, rootfs/ over it. Writes dist/build/NAME.tar. */
export async function build(task: Task): Promise<void> {
  const { root, pkg, signal } = task
  const recipe = join(root, pkg.folder)
  const owners = readOwners(root, pkg)
  const make = async (folder: string, say: Task['say']) => {
    await using work = await workFolder()
    const source = join(work.path, 'build/src')
    const out = join(work.path, 'out')
    await mkdir(source, { recursive: true })
    await unpackSource(root, pkg, source, { say, signal })
    await applyPatches(task, source)
    if (existsSync(join(recipe, 'build.sh'))) {
      await mkdir(out)
      await runRecipe({ ...task, say }, work.path)
    }
    const tree = existsSync(out) ? out : source
    // A set-uid program is one that rootfs.owners names; those that Debian has are none by that.
    if ('deb' in pkg.source) await run(...asRoot('chmod', ['-R', 'u-s,g-s', tree]))
    if (existsSync(join(recipe, 'rootfs'))) await copyTree(join(recipe, 'rootfs'), tree)
    checkOwners(tree, owners, pkg)
    await writeTar(tree, join(folder, `${pkg.name}.tar`), owners, signal)
  }
  await runStep(task, { doing: 'building', outputs: [tarFile(pkg.name)], make })
}

async function applyPatches({ root, pkg, signal }: Task, source: string): Promise<void> {
  const folder = join(pkg.folder, 'patches')
  if (!existsSync(join(root, folder))) return
  const names = (await readdir(join(root, folder))).filter((name) => name.endsWith('.patch')).sort()
  for (const name of names) {
    const input = await readFile(join(root, folder, name))
    try {
      const args = ['-p1', '--batch', '--forward', '--no-backup-if-mismatch', '--directory', source]
      await run('patch', args, { input, signal })
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Problem) || error.troubles[0]?.where === 'patch') throw error
      const fix = error.troubles[0]?.fix ?? ''
      throw new Problem({ where: join(folder, name), what: `does not apply to ${pkg.version}`, fix })
    }
  }
}

/** Runs build.sh in a root made of the closure of its build dependencies. */
async function runRecipe(task: Task, work: string): Promise<void> {
  const { root, repository, pkg, say, signal } = task
  const script = join(pkg.folder, 'build.sh')
  const names = closure(pkg.buildDeps, (name) => needs(repository, name))
  const layers = await openLayers(task, names)
  await makeBase(join(work, 'base'))
  await copyTree(join(root, pkg.folder), join(work, 'build/recipe'))
  await chmod(join(work, 'build/recipe/build.sh'), 0o755)
  await writeFile(join(work, 'log'), '')

  const log = join(root, logFile(pkg.name))
  try {
    using lines = openLog(log)
    await enter({
      layers: [...[...layers.values()].reverse(), join(work, 'base')],
      binds: [
        { from: join(work, 'build'), to: '/build' },
        // Binds of their own: a build cannot put a link in their place, which we would follow out here.
        { from: join(work, 'out'), to: '/build/out' },
        { from: join(work, 'log'), to: '/build/log' },
      ],
      env: {
        ...environment(pkg),
        HOME: '/build',
        DESTDIR: '/build/out',
        JOBS: String(availableParallelism()),
        SOURCE_DATE_EPOCH: String(EPOCH),
        LOG: '/build/log',
      },
      cwd: '/build/src',
      command: COMMAND,
      onLine: (line) => {
        lines.line(line)
        if (line.startsWith(`${pkg.name}: `)) say(line)
      },
      signal,
    })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Problem)) throw error
    const [trouble = { where: script, what: 'failed' }] = error.troubles
    if (trouble.where !== COMMAND.join(' ')) throw error
    if (trouble.fix?.includes('bwrap: execvp /bin/sh: No such file')) {
      throw new Problem({
        where: join(pkg.folder, `${pkg.name}.tcz.build-dep`),
        what: 'nothing in it, or in what that needs, has a shell to run build.sh with',
        fix: 'compiletc.tcz has one, and what most builds call',
      })
    }
    const fix = [trouble.fix, `all that it wrote: ${logFile(pkg.name)}`].filter(Boolean).join('\n')
    throw new Problem({ where: script, what: trouble.what, fix })
  } finally {
    // What a recipe wrote to $LOG instead of the terminal.
    await appendFile(log, await readFile(join(work, 'log')))
  }
}
