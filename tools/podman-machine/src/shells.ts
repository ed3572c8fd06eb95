import { UsageProblem } from './usage-problem.ts'

/** How a shell sets variables, and how it takes what a program prints. */
interface Shell {
  set(name: string, value: string): string
  unset(name: string): string
  /** What begins a comment. */
  comment: string
  /** How the line is evaluated that printed this. */
  hint(line: string): string
}

const posix: Shell = {
  set: (name, value) => `export ${name}="${value.replace(/[\\"$`]/g, '\\$&')}"`,
  unset: (name) => `unset ${name}`,
  comment: '#',
  hint: (line) => `eval $(${line})`,
}

/** By the name of the program. Any other is taken for one of POSIX's kind. */
const SHELLS: Record<string, Shell> = {
  fish: {
    set: (name, value) => `set -gx ${name} "${value.replace(/[\\"$]/g, '\\$&')}";`,
    unset: (name) => `set -e ${name};`,
    comment: '#',
    hint: (line) => `eval (${line})`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = "${value.replace(/[`"$]/g, '`$&')}"`,
    unset: (name) => `Remove-Item Env:\\\\${name}`,
    comment: '#',
    hint: (line) => `& ${line} | Invoke-Expression`,
  },
  cmd: {
    // Special to cmd outside of quotation marks, and there only.
    set: (name, value) => `SET ${name}=${value.includes('"') ? value : value.replace(/[&|<>^]/g, '^$&')}`,
    unset: (name) => `SET ${name}=`,
    comment: 'REM',
    hint: (line) => `\t@FOR /f "tokens=*" %i IN ('${line}') DO @%i`,
  },
  tcsh: {
    // Nothing quotes inside its quotation marks: they are left for each such letter.
    set: (name, value) =>
      `setenv ${name} "${value.replace(/["$`]/g, (letter) => `"'${letter}'"`).replaceAll('!', '\\!')}";`,
    unset: (name) => `unsetenv ${name};`,
    comment: ':',
    hint: (line) => `eval \`${line}\``,
  },
  emacs: {
    set: (name, value) => `(setenv "${name}" "${value.replace(/[\\"]/g, '\\$&')}")`,
    unset: (name) => `(setenv "${name}" nil)`,
    comment: ';;',
    hint: (line) => `(with-temp-buffer (shell-command "${line}" (current-buffer)) (eval-buffer))`,
  },
}
SHELLS.pwsh = SHELLS.powershell as Shell
SHELLS.csh = SHELLS.tcsh as Shell

/** What a shell has to evaluate: variables, and those without a value are unset. Then two lines that say how. */
export function assignments(
  shell: string,
  variables: readonly (readonly [string, string | undefined])[],
  line: string,
): string {
  const { set, unset, comment, hint } = SHELLS[shell] ?? posix
  return [
    ...variables.map(([name, value]) => (value === undefined ? unset(name) : set(name, value))),
    `${comment} Run this command to configure your shell: `,
    `${comment} ${hint(line)}`,
  ].join('\n')
}

/** The shell that somebody uses. */
export function detectShell(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { SHELL } = env
  if (SHELL) return SHELL.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '')
  // PowerShell adds the user's own modules to those of the machine.
  if (platform === 'win32')
    return /\\(Documents|OneDrive)\\/i.test(env.PSModulePath ?? '') ? 'powershell' : 'cmd'
  throw new UsageProblem({
    where: 'Error',
    what: 'Unknown shell',
    fix: 'SHELL is not set; name it: podman-machine env --shell bash',
  })
}
