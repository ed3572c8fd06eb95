import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem, run } from '@boot2podman/kit'
import { withMounts } from './namespace.ts'
import { workFolder } from './work.ts'

/** A folder or file of this machine, and where it is seen inside. */
export interface Bind {
  from: string
  to: string
  readOnly?: boolean
}

export interface Visit {
  /** Folders to stack, the top one first. They are never written to. */
  layers: readonly string[]
  binds?: readonly Bind[]
  /** The whole environment of the command: nothing of this machine's is added. */
  env: Readonly<Record<string, string>>
  cwd: string
  command: readonly [string, ...string[]]
  /** With true the command sees this machine's network. No build does. */
  network?: boolean
  /** Called for each line that it writes, as it comes. */
  onLine?: (line: string) => void
  signal?: AbortSignal
}

/** Few enough rights for a build, the same for root and for an ordinary user. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETUID', 'SETGID', 'KILL', 'SYS_CHROOT']

/**
 * Runs a command as root in stacked layers: no network, no host paths but the binds, no processes but its own.
 * What it writes elsewhere is thrown away. Returns its standard output; a failure is a Problem as `run` throws it.
 */
export async function enter(visit: Visit): Promise<string> {
  await using work = await workFolder()
  for (const name of ['upper', 'overlay', 'root']) await mkdir(join(work.path, name))
  // overlayfs refuses one layer twice.
  const layers = [...new Set(visit.layers)]
  await Promise.all(layers.map((layer, index) => symlink(layer, join(work.path, String(index)))))
  // overlayfs takes the leftmost as the top.
  const lower = layers.map((_, index) => index).join(':')
  const script = join(import.meta.dirname, 'enter.sh')
  const [program, args] = withMounts('sh', [script, work.path, lower, ...bubblewrap(visit)])
  try {
    return await run(program, args, {
      // Process 1 inside shows the environment that bubblewrap was started with.
      extendEnv: false,
      env: { PATH: process.env.PATH ?? '', LIBMOUNT_FORCE_MOUNT2: 'always' },
      ...(visit.onLine && { onLine: visit.onLine }),
      ...(visit.signal && { signal: visit.signal }),
    })
  } catch (error) {
    visit.signal?.throwIfAborted()
    if (!(error instanceof Problem)) throw error
    throw explain(error, visit.command, existsSync(join(work.path, 'entered')))
  }
}

function bubblewrap({ binds = [], env, cwd, command, network = false }: Visit): string[] {
  return [
    ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup', '--hostname', 'build'],
    network ? [] : ['--unshare-net'],
    ['--die-with-parent', '--new-session'],
    ['--cap-drop', 'ALL', ...CAPABILITIES.flatMap((name) => ['--cap-add', `CAP_${name}`])],
    ['--proc', '/proc', '--dev', '/dev'],
    // In the upper layer, so on disk: a build's temporary files may be larger than memory.
    ['--perms', '1777', '--dir', '/tmp', '--chmod', '1777', '/tmp'],
    binds.flatMap(({ from, to, readOnly }) => [readOnly ? '--ro-bind' : '--bind', from, to]),
    ['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])],
    ['--chdir', cwd, '--', ...command],
  ].flat()
}

function explain({ troubles }: Problem, command: readonly string[], entered: boolean): Problem {
  const [trouble = { where: 'sandbox', what: 'failed' }] = troubles
  // A command that said nothing has no last lines.
  const lines = trouble.fix?.trim() ? { fix: trouble.fix } : {}
  if (entered) return new Problem({ where: command.join(' '), what: trouble.what, ...lines })
  if (!trouble.where.startsWith('unshare ')) return new Problem(trouble)
  const advice = process.getuid?.() === 0 ? 'in a container it must be a privileged one' : NO_NAMESPACES
  return new Problem({
    where: 'sandbox',
    what: 'cannot mount here',
    fix: [trouble.fix, advice].filter(Boolean).join('\n'),
  })
}

const NO_NAMESPACES = `user namespaces may be forbidden: run as root, or
sudo sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0`
