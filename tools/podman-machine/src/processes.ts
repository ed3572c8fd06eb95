import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'

export interface Outcome {
  /** Of a program that a signal ended, 128 and more, as shells have it. */
  code: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  input?: string
  env?: Record<string, string>
  signal?: AbortSignal
}

let debugging = false

/** From now on each program that is called is shown on stderr. */
export function showPrograms(): void {
  debugging = true
}

/** Runs a program to its end, whatever that is. Missing ones are a Problem that names the package to install. */
export async function outcome(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const child = launch(program, args, {
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.env && { env: { ...process.env, ...options.env } }),
    ...(options.signal && { signal: options.signal }),
  })
  const texts = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text
    })
  }
  if (options.input !== undefined) {
    // A program that leaves before it has read all says so by its exit code.
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input)
  }
  return { code: await ended(child, program), ...texts }
}

/** What a program wrote; a failure is a Problem with its last lines. */
export async function output(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await outcome(program, args, options)
  if (code === 0) return stdout
  throw new Problem({
    where: [program, ...args].join(' ').slice(0, 200),
    what: `failed with exit code ${code}`,
    fix: (stderr || stdout).trim().split('\n').slice(-10).join('\n'),
  })
}

/** Runs a program in this terminal, and returns its exit code. */
export async function inTerminal(program: string, args: readonly string[]): Promise<number> {
  // Ctrl-C reaches both: the program decides what it means.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  try {
    return await ended(launch(program, args, { stdio: 'inherit' }), program)
  } finally {
    process.off('SIGINT', ignore)
  }
}

/** Starts a program that outlives this one, in a folder or here; what it writes goes to a file. Returns when it runs. */
export async function inBackground(
  program: string,
  args: readonly string[],
  log: string,
  folder?: string,
): Promise<ChildProcess> {
  const file = await open(log, 'w', 0o600)
  try {
    const child = launch(program, args, {
      stdio: ['ignore', file.fd, file.fd],
      detached: true,
      ...(folder !== undefined && { cwd: folder }),
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve).once('error', (error) => reject(explained(program, error)))
    })
    child.unref()
    return child
  } finally {
    await file.close()
  }
}

function launch(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (debugging) console.error(`+ ${[program, ...args].join(' ')}`)
  return spawn(program, args, { windowsHide: true, ...options })
}

function ended(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(explained(program, error)))
    child.once('close', (code, signal) => resolve(code ?? 128 + (SIGNALS[signal ?? ''] ?? 1)))
  })
}

const SIGNALS: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

function explained(program: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error
  return new Problem({ where: program, what: 'this program is not installed', fix: howToInstall(program) })
}

/** The packages that hold a program: Debian's, Homebrew's, and where Windows has it. */
const PACKAGES: Record<string, { apt: string; brew: string; windows: string }> = {
  ssh: {
    apt: 'openssh-client',
    brew: 'openssh',
    windows: 'Add-WindowsCapability -Online -Name OpenSSH.Client',
  },
  sshfs: { apt: 'sshfs', brew: 'macfuse and sshfs', windows: 'winget install SSHFS-Win.SSHFS-Win' },
  rsync: { apt: 'rsync', brew: 'rsync', windows: 'rsync of MSYS2' },
  fusermount: { apt: 'fuse3', brew: 'macfuse', windows: 'winget install SSHFS-Win.SSHFS-Win' },
  qemu: { apt: 'qemu-system-x86', brew: 'qemu', windows: 'winget install SoftwareFreedomConservancy.QEMU' },
  vboxmanage: { apt: 'virtualbox', brew: '--cask virtualbox', windows: 'winget install Oracle.VirtualBox' },
  podman: { apt: 'podman', brew: 'podman', windows: 'winget install RedHat.Podman' },
}
const SAME: Record<string, string> = {
  scp: 'ssh',
  'ssh-keygen': 'ssh',
  'ssh-keyscan': 'ssh',
  fusermount3: 'fusermount',
  'qemu-system-x86_64': 'qemu',
  'qemu-img': 'qemu',
  VBoxManage: 'vboxmanage',
}

/** What to type to have a program. */
export function howToInstall(program: string, platform: NodeJS.Platform = process.platform): string {
  const name = program.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '')
  const known = PACKAGES[SAME[name] ?? name]
  if (!known) return `install it, and have its folder in PATH`
  if (platform === 'darwin') return `to install it: brew install ${known.brew}`
  if (platform === 'win32') return `to install it: ${known.windows}`
  return `to install it: sudo apt-get install ${known.apt} (Debian, Ubuntu), or your system's package of that kind`
}
