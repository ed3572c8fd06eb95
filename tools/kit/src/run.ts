import { existsSync } from 'node:fs'
import { ExecaError, execa, type Options } from 'execa'
import { Problem } from './problem.ts'

export interface RunOptions {
  cwd?: string
  /** Added to this process's own environment. */
  env?: Record<string, string>
  /** With false nothing of this process's environment is handed on. */
  extendEnv?: boolean
  input?: string | Uint8Array
  /** Called for each line of output and of errors, as it comes. */
  onLine?: (line: string) => void
  signal?: AbortSignal
  /** Gets the terminal, for what a person reads or answers. Nothing is returned then. */
  inherit?: boolean
}

/**
 * The one door to other programs: no shell, so no quoting. Returns what it wrote to standard output.
 * A program that is missing or that fails is a Problem which holds the last lines of its output.
 */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { onLine, inherit, signal, ...rest } = options
  const child = execa(command, args, {
    ...rest,
    ...(signal && { cancelSignal: signal }),
    ...(inherit
      ? { stdio: 'inherit' as const }
      : rest.input === undefined
        ? { stdin: 'ignore' as const }
        : {}),
    all: true,
    stripFinalNewline: false,
    maxBuffer: 1024 * 1024 * 1024,
  } satisfies Options)
  if (onLine && child.all) {
    const { createInterface } = await import('node:readline')
    createInterface({ input: child.all }).on('line', onLine)
  }
  try {
    const { stdout } = await child
    return typeof stdout === 'string' ? stdout : ''
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    throw explain(command, args, error, options.cwd)
  }
}

function explain(command: string, args: string[], error: ExecaError, cwd = '.'): Problem {
  if (error.code === 'ENOENT' && !existsSync(cwd)) {
    return new Problem({ where: cwd, what: `there is no such folder, in which ${command} was to run` })
  }
  if (error.code === 'ENOENT') {
    return new Problem({ where: command, what: 'this program is not installed', fix: './b2p setup' })
  }
  const last = String(error.all ?? '')
    .trimEnd()
    .split('\n')
    .slice(-30)
    .join('\n')
  const end = error.signal ? `was ended by ${error.signal}` : `failed with exit code ${error.exitCode}`
  return new Problem({ where: [command, ...args].join(' ').slice(0, 200), what: end, fix: last })
}
