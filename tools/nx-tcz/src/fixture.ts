import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '@boot2podman/kit'

const REPOSITORY = join(import.meta.dirname, '../../..')

/** A repository of a few tiny packages in a temporary folder, under git, with this one's tools and its Nx. */
export interface Workspace extends AsyncDisposable {
  root: string
  write(file: string, text: string): Promise<void>
  /** Adds a line to a file, as somebody who changes something. */
  touch(file: string): Promise<void>
  commit(): Promise<void>
  nx(...args: string[]): Promise<string>
  /** Runs targets; tells for each task its hash and whether the cache had it. */
  tasks(...args: string[]): Promise<Record<string, { hash: string; cached: boolean }>>
}

// Writes what the real commands write. These tests are about when they are called.
const STAND_IN = `import { mkdirSync, writeFileSync } from 'node:fs'
const [verb, name] = process.argv.slice(2)
const folder = 'dist/' + verb
mkdirSync(folder, { recursive: true })
const file = { build: name + '.tar', tcz: name + '.tcz', check: name + '.json', iso: name + '.iso' }[verb]
writeFileSync(folder + '/' + file, name)
`

/** Files of the packages, and of all else, by their path. */
export async function makeWorkspace(files: Record<string, string>): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'nx-tcz-'))
  for (const part of ['tools', 'nx.json', 'package.json', 'package-lock.json', '.gitignore', 'biome.json']) {
    await cp(join(REPOSITORY, part), join(root, part), {
      recursive: true,
      filter: (path) => !/node_modules|fixtures/.test(path.slice(REPOSITORY.length)),
    })
  }
  const workspace = at(root)
  for (const tool of ['builder', 'image']) await workspace.write(`tools/${tool}/src/cli.ts`, STAND_IN)
  for (const [file, text] of Object.entries(files)) await workspace.write(file, text)
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: root })
  await workspace.commit()
  await linkModules(root)
  return workspace
}

/** The same commit in another folder. */
export async function clone(workspace: Workspace): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), 'nx-tcz-clone-'))
  await run('git', ['clone', '--quiet', workspace.root, root])
  await linkModules(root)
  return at(root)
}

async function linkModules(root: string): Promise<void> {
  await symlink(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  // .gitignore names a folder; this is a link.
  await appendFile(join(root, '.git/info/exclude'), 'node_modules\n')
}

let second = Math.floor(Date.now() / 1000)

function at(root: string): Workspace {
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
    // Nx takes a file for unchanged when its time is, in whole seconds: these changes come faster than that.
    await utimes(join(root, file), ++second, second)
  }
  const nx = (...args: string[]) =>
    run(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], {
      cwd: root,
      env: { NX_ISOLATE_PLUGINS: 'false', NX_TUI: 'false' },
    })
  return {
    root,
    write,
    nx,
    async touch(file) {
      await write(file, `${await readFile(join(root, file), 'utf8')}\n`)
    },
    async commit() {
      await run('git', ['add', '--all'], { cwd: root })
      const me = ['-c', 'user.name=test', '-c', 'user.email=test@localhost']
      await run('git', [...me, 'commit', '--quiet', '--message=test'], { cwd: root })
    },
    async tasks(...args) {
      await nx('run-many', ...args)
      const { tasks } = JSON.parse(await readFile(join(root, '.nx/cache/run.json'), 'utf8'))
      return Object.fromEntries(
        tasks.map((task: { taskId: string; hash: string; cacheStatus: string }) => [
          task.taskId,
          { hash: task.hash, cached: task.cacheStatus !== 'cache-miss' },
        ]),
      )
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

/** Files of one package without a source of its own. */
export function recipe(name: string, deps: string[] = [], buildDeps: string[] = []): Record<string, string> {
  const lines = (names: string[]) => names.map((one) => `${one}.tcz\n`).join('')
  const folder = name === 'kernel' ? 'kernel' : `packages/${name}`
  return {
    [`${folder}/tcz.json`]: JSON.stringify({
      version: '1',
      licence: 'Apache-2.0',
      summary: 'A package for a test',
      source: { local: '.' },
    }),
    [`${folder}/build.sh`]: '#!/bin/sh -eu\n',
    ...(deps.length > 0 && { [`${folder}/${name}.tcz.dep`]: lines(deps) }),
    ...(buildDeps.length > 0 && { [`${folder}/${name}.tcz.build-dep`]: lines(buildDeps) }),
  }
}
