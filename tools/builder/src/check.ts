import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'
import { enter, workFolder } from '@boot2podman/sandbox'
import { closure } from '@boot2podman/tcz'
import { copyTree } from './copy-tree.ts'
import { readElfs } from './elf.ts'
import { openLayers } from './layers.ts'
import { CORE, callsOf, type Proof, prove } from './prove.ts'
import { viewRoot } from './root-view.ts'
import { environment, oneStream } from './script.ts'
import { readScripts } from './shebang.ts'
import { runStep } from './step.ts'
import { isToolchain, needs, type Task } from './task.ts'
import { readTree } from './tree.ts'

// With -x: what a check tells when it fails is often only which of its lines it was.
const COMMAND = oneStream('/bin/sh -eux /build/recipe/check.sh')

/**
 * An extension in its closure: all that it calls for is there, no edge is too many, and check.sh runs in it.
 * Throws one Problem with all that is wrong. Writes dist/check/NAME.json.
 */
export async function check(task: Task): Promise<void> {
  const { root, repository, pkg } = task
  const make = async (folder: string) => {
    const core = repository.has(CORE) ? [CORE] : []
    const names = closure([...core, pkg.name], (name) => needs(repository, name))
    const layers = await openLayers(task, names)
    const { found, troubles } = isToolchain(pkg)
      ? { found: [], troubles: [] }
      : await proveLayers(task, layers)
    const [first, ...rest] = [...troubles, ...(await runScript(task, [...layers.values()].reverse()))]
    if (first) throw new Problem(first, ...rest)
    const script = existsSync(join(root, pkg.folder, 'check.sh')) ? 'passed' : 'none'
    const text = JSON.stringify({ package: pkg.name, version: pkg.version, script, found }, null, 2)
    await writeFile(join(folder, `${pkg.name}.json`), `${text}\n`)
  }
  await runStep(task, { doing: 'checking', outputs: [join('dist/check', `${pkg.name}.json`)], make })
}

async function proveLayers({ pkg }: Task, layers: ReadonlyMap<string, string>): Promise<Proof> {
  const trees = new Map<string, Awaited<ReturnType<typeof readTree>>>()
  // The package itself first: what it holds it needs from nobody.
  for (const name of [...layers.keys()].reverse()) trees.set(name, await readTree(layers.get(name) ?? ''))
  const folder = layers.get(pkg.name) ?? ''
  const entries = trees.get(pkg.name) ?? []
  const calls = callsOf(pkg, entries, await readElfs(folder, entries), await readScripts(folder, entries))
  return prove(pkg, calls, viewRoot(trees), (name) => !trees.get(name)?.some(({ type }) => type !== 'folder'))
}

async function runScript({ root, pkg, signal }: Task, layers: string[]): Promise<Trouble[]> {
  const script = join(pkg.folder, 'check.sh')
  if (!existsSync(join(root, script))) return []
  await using work = await workFolder()
  await copyTree(join(root, pkg.folder), join(work.path, 'recipe'))
  try {
    await enter({
      layers,
      binds: [{ from: join(work.path, 'recipe'), to: '/build/recipe', readOnly: true }],
      env: { ...environment(pkg), HOME: '/root' },
      cwd: '/',
      command: COMMAND,
      signal,
    })
    return []
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Problem)) throw error
    return error.troubles.map((trouble) =>
      trouble.where === COMMAND.join(' ') ? { ...trouble, where: script } : trouble,
    )
  }
}
