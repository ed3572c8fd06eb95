import type { Command } from './command.ts'
import { globalOptions } from './global-options.ts'

export const COMPLETED = ['bash', 'zsh', 'fish', 'powershell'] as const
export type CompletedShell = (typeof COMPLETED)[number]

/** Verbs whose words are names of machines. */
const NAMES = /\[NAME|NAME\.\.\.|NAME:/

interface Verb {
  verb: string
  does: string
  flags: { text: string; does: string }[]
  names: boolean
}

/** The script by which a shell completes lines of podman-machine. */
export function completionScript(shell: CompletedShell, commands: readonly Command[]): string {
  const all = commands.map(verbOf)
  return { bash, zsh, fish, powershell }[shell](all)
}

function verbOf({ usage, does, options = [] }: Command): Verb {
  const flags = [...options, { name: 'help', short: 'h', does: 'show how it is used' }]
  return {
    verb: usage.split(' ', 1).join(),
    does,
    names: NAMES.test(usage) && !usage.startsWith('create'),
    flags: flags
      .filter((option) => !('hidden' in option && option.hidden))
      .flatMap((option) => {
        const aliases = 'aliases' in option ? (option.aliases ?? []) : []
        return [option.name, ...aliases].map((name) => ({ text: `--${name}`, does: option.does }))
      }),
  }
}

const LIST = 'podman-machine ls -q 2>/dev/null'
const globals = globalOptions.map(({ name }) => `--${name}`)

function bash(all: readonly Verb[]): string {
  const flags = all.map(({ verb, flags }) => `    ${verb}) words='${texts(flags)}' ;;`)
  const names = all.filter((one) => one.names).map(({ verb }) => verb)
  return `# podman-machine completion bash > /etc/bash_completion.d/podman-machine
_podman_machine() {
  local word=\${COMP_WORDS[COMP_CWORD]} verb='' index words=''
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
    -s | --storage-path) ((index++)) ;;
    -*) ;;
    *) verb=\${COMP_WORDS[index]}; break ;;
    esac
  done
  if [[ -z $verb ]]; then
    words='${[...all.map(({ verb }) => verb), 'help', ...globals, '--version', '--help'].join(' ')}'
  elif [[ $word == -* ]]; then
    case $verb in
${flags.join('\n')}
    esac
  else
    case $verb in
    ${names.join(' | ')}) words=$(${LIST}) ;;
    help) words='${all.map(({ verb }) => verb).join(' ')}' ;;
    completion) words='${COMPLETED.join(' ')}' ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [[ $verb == scp && $word != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -S : -- "$word"; compgen -f -- "$word")
    compopt -o nospace
  fi
}
complete -o default -F _podman_machine podman-machine`
}

function zsh(all: readonly Verb[]): string {
  const describe = ({ text, does }: { text: string; does: string }) => `'${inZsh(text)}:${inZsh(does)}'`
  const names = all.filter((one) => one.names).map(({ verb }) => verb)
  return `#compdef podman-machine
# podman-machine completion zsh > a folder of $fpath/_podman-machine
_podman_machine() {
  local -a words
  local verb=\${\${words[2,CURRENT-1]:#-*}[1]}
  local -a candidates
  if [[ -z $verb ]]; then
    candidates=(${all.map(({ verb, does }) => describe({ text: verb, does })).join(' ')} 'help:tell more')
    _describe 'verb' candidates
  elif [[ $PREFIX == -* ]]; then
    case $verb in
${all.map(({ verb, flags }) => `    ${verb}) candidates=(${flags.map(describe).join(' ')}) ;;`).join('\n')}
    esac
    _describe -o 'flag' candidates
  else
    case $verb in
    scp|mount) candidates=(\${(f)"$(${LIST})"}); compadd -S : -a candidates; _files ;;
    ${names.filter((verb) => verb !== 'scp' && verb !== 'mount').join('|')}) candidates=(\${(f)"$(${LIST})"}); compadd -a candidates ;;
    completion) compadd ${COMPLETED.join(' ')} ;;
    *) _files ;;
    esac
  fi
}
if [[ $funcstack[1] == _podman-machine ]]; then
  _podman_machine "$@"
else
  compdef _podman_machine podman-machine
fi`
}

function fish(all: readonly Verb[]): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
  const complete = 'complete -c podman-machine'
  const seen = (verb: string) => `-n '__fish_seen_subcommand_from ${verb}'`
  return [
    '# podman-machine completion fish > ~/.config/fish/completions/podman-machine.fish',
    `${complete} -f`,
    ...all.map(({ verb, does }) => `${complete} -n __fish_use_subcommand -a ${verb} -d ${quote(does)}`),
    ...all.flatMap(({ verb, flags }) =>
      flags.map(({ text, does }) => `${complete} ${seen(verb)} -l ${text.slice(2)} -d ${quote(does)}`),
    ),
    ...all.filter(({ names }) => names).map(({ verb }) => `${complete} ${seen(verb)} -a '(${LIST})'`),
    ...['scp', 'mount'].map((verb) => `${complete} ${seen(verb)} -F`),
    `${complete} ${seen('completion')} -a '${COMPLETED.join(' ')}'`,
  ].join('\n')
}

function powershell(all: readonly Verb[]): string {
  const flags = all.map(({ verb, flags }) => `    '${verb}' = '${texts(flags)}'`)
  const names = all.filter((one) => one.names).map(({ verb }) => `'${verb}'`)
  return `# podman-machine completion powershell | Out-String | Invoke-Expression, in $PROFILE
Register-ArgumentCompleter -Native -CommandName podman-machine -ScriptBlock {
  param($word, $line, $position)
  $flags = @{
${flags.join('\n')}
  }
  $before = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $verb = $before | Where-Object { $_ -notlike '-*' } | Select-Object -First 1
  if (-not $verb) { $words = @($flags.Keys | Sort-Object) + 'help' }
  elseif ($word -like '-*') { $words = "$($flags[$verb])" -split ' ' }
  elseif (@(${names.join(', ')}) -contains $verb) { $words = @(podman-machine ls -q 2>$null) }
  elseif ($verb -eq 'completion') { $words = @('${COMPLETED.join("', '")}') }
  else { return }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}`
}

function texts(flags: readonly { text: string }[]): string {
  return flags.map(({ text }) => text).join(' ')
}

function inZsh(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(':', '\\:')
}
