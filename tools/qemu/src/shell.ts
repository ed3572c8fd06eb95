import { randomUUID } from 'node:crypto'
import type { SerialConsole } from './console.ts'

/** The prompt of the shell that a console logs in to by itself. */
const PROMPT = /\w+@[\w.-]+:\S* ?[$#] /
const INTERRUPT = '\x03'
// A terminal hands over lines of at most 4095 bytes.
const CHUNK = 1000

export interface ShellOptions {
  /** Seconds (120 when left out); then the command is interrupted and counts as failed. */
  timeout?: number
}

/** A command that did not do what it should: which, its exit code (none when its time was over), all it wrote. */
export class CommandError extends Error {
  readonly command: string
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string

  constructor(command: string, end: string, exitCode: number | undefined, stdout: string, stderr: string) {
    const said = [stderr, stdout].filter((text) => text.trim() !== '').join('\n')
    super(`${command}\n${end}\n${said}`.trimEnd())
    this.name = 'CommandError'
    this.command = command
    this.exitCode = exitCode
    this.stdout = stdout
    this.stderr = stderr
  }
}

/**
 * Runs commands at a console's prompt. A line editor echoes, redraws and has a longest line, so what the prompt gets is one line only:
 * a loop that reads commands and tells their ends apart by a mark that nobody else can know.
 */
export class Shell {
  #console: SerialConsole
  #mark = `--${randomUUID().slice(0, 8)}`
  #count = 0

  private constructor(console: SerialConsole) {
    this.#console = console
  }

  /** Waits for the prompt. */
  static async at(console: SerialConsole, timeout: number): Promise<Shell> {
    await console.waitFor(PROMPT, timeout)
    const shell = new Shell(console)
    console.type(`${shell.#loop()}\n`)
    await console.waitFor(new RegExp(`^${shell.#mark} ready\n`, 'm'), 30)
    return shell
  }

  /** What the command wrote to its standard output. Its own shell runs it: `cd` and variables end with it. */
  async run(command: string, { timeout = 120 }: ShellOptions = {}): Promise<string> {
    const from = this.#console.text.length
    this.#count += 1
    for (const chunk of chunks(encode(command))) this.#console.type(`+${chunk}\n`)
    this.#console.type(`=${this.#count}\n`)
    const { late, answer } = await this.#answer(from, timeout)
    const [, stdout = '', stderr = '', code = ''] = answer
    if (late) throw new CommandError(command, `not done after ${timeout} s`, undefined, stdout, stderr)
    if (code !== '0') throw new CommandError(command, `exit code ${code}`, Number(code), stdout, stderr)
    return stdout
  }

  async #answer(from: number, timeout: number): Promise<{ late: boolean; answer: RegExpExecArray }> {
    const mark = `${this.#mark}-${this.#count}`
    const whole = new RegExp(`${mark} out\n([^]*)\n${mark} err\n([^]*)\n${mark} end (\\d+)\n`)
    const first = await this.#console.waitFor(whole, timeout, from).catch((error: Error) => error)
    if (!(first instanceof Error)) return { late: false, answer: first }
    this.#console.type(INTERRUPT)
    // When the machine has ended, or is stuck, the first error tells it.
    const answer = await this.#console.waitFor(whole, 10, from).catch(() => {
      throw first
    })
    return { late: true, answer }
  }

  /** The loop, short enough for busybox's line editor (1024 bytes). `M` is put together so that the echo is not the mark. */
  #loop(): string {
    const [head, tail] = [this.#mark.slice(0, 4), this.#mark.slice(4)]
    const say = (what: string) => `printf '\\n%s-%s ${what}\\n' $M $n`
    return [
      `stty -echo -opost`,
      `trap : INT`,
      `M=${head}''${tail} c= E=/tmp/stderr.$$`,
      `printf '%s ready\\n' $M`,
      `while :; do IFS= read -r l || continue; case $l in +*) c=$c\${l#+};; =*) n=\${l#=} s=$(printf %b "$c") c=`,
      `printf '$ %s' "$s"`,
      say('out'),
      `sh -c "$s" 2>$E </dev/null`,
      `x=$?`,
      say('err'),
      `cat $E`,
      `${say('end %s')} $x`,
      `esac; done`,
    ].join('; ')
  }
}

/** As printf's %b reads it. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte < 32 || byte > 126 || byte === 92
        ? `\\0${byte.toString(8).padStart(3, '0')}`
        : String.fromCharCode(byte),
    )
    .join('')
}

function chunks(text: string): string[] {
  return text.match(new RegExp(`.{1,${CHUNK}}`, 'g')) ?? []
}
