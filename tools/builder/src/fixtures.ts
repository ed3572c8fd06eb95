import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'

const NOBODY = 65534
export const isRoot = process.getuid?.() === 0

/** A small repository for a test, in a folder and with a cache of its own. */
export interface Fixture extends AsyncDisposable {
  root: string
  cache: string
  /** Runs the command as a user would. */
  cli: (...args: string[]) => Promise<Outcome>
  /** Starts it: the caller ends it. */
  start: (...args: string[]) => ReturnType<typeof spawn>
  env: Record<string, string>
}

interface Outcome {
  code: number | null
  /** Of both streams, in order. */
  output: string
}

/** Copies fixtures/<name>. With `nobody` it belongs to an ordinary user and the commands run as that user. */
export async function fixture(name: string, user: 'nobody' | 'self' = 'self'): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'builder-'))
  await chmod(folder, 0o755)
  const root = join(folder, 'repository')
  for (const one of ['base', name]) {
    await cp(join(import.meta.dirname, 'fixtures', one), root, { recursive: true, verbatimSymlinks: true })
  }
  for (const one of ['core', 'toolchain']) await squashBusybox(root, one)
  const cache = join(folder, 'cache')
  const drop = user === 'nobody' && isRoot ? await lower(folder) : []
  const env: Record<string, string> = { B2P_CACHE: cache, NX_TASK_HASH: '' }
  const start = (...args: string[]) => {
    const script = join(import.meta.dirname, 'cli.ts')
    const [program = '', ...rest] = [...drop, process.execPath, script, ...args]
    const { NX_TASK_HASH, ...more } = { ...process.env, ...env }
    return spawn(program, rest, { cwd: root, env: NX_TASK_HASH ? { ...more, NX_TASK_HASH } : more })
  }
  const cli = async (...args: string[]) => {
    const child = start(...args)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
    const [code] = await once(child, 'close')
    return { code, output }
  }
  const dispose = () => rm(folder, { recursive: true })
  return { root, cache, cli, start, env, [Symbol.asyncDispose]: dispose }
}

/** As if the package was built: a static busybox with all its names. */
async function squashBusybox(root: string, name: string): Promise<void> {
  const tree = join(root, '..', name)
  const bin = join(tree, 'usr/bin')
  await mkdir(bin, { recursive: true })
  await symlink('usr/bin', join(tree, 'bin'))
  await cp('/bin/busybox', join(bin, 'busybox'))
  for (const applet of (await run('/bin/busybox', ['--list'])).split('\n')) {
    if (applet !== '' && applet !== 'busybox') await symlink('busybox', join(bin, applet))
  }
  await mkdir(join(root, 'dist/tcz'), { recursive: true })
  const args = [
    tree,
    join(root, `dist/tcz/${name}.tcz`),
    '-all-root',
    '-noD',
    '-noF',
    '-quiet',
    '-no-progress',
  ]
  await run('mksquashfs', args)
}

async function lower(folder: string): Promise<string[]> {
  await run('chown', ['-R', `${NOBODY}:${NOBODY}`, folder])
  return ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
}
