import type { Command } from './command.ts'
import { globalOptions } from './global-options.ts'
import type { Option } from './option.ts'

/** The text of `podman-machine help`. */
export function overview(commands: readonly Command[]): string {
  return [
    'Usage: podman-machine [options] VERB ...',
    'Machines that run containers: created, started, and spoken to from here.',
    table(commands.map(({ usage, does }) => [usage, does])),
    optionTable([...globalOptions, { name: 'version', short: 'v', does: 'show the version' }]),
    `  podman-machine create box
  eval "$(podman-machine env box)"
  podman --remote run --rm docker.io/library/busybox echo hello`,
    'podman-machine VERB --help tells more. A machine that is not named is "box".',
  ].join('\n\n')
}

/** The text of `podman-machine help VERB`. */
export function help({ usage, does, more, options = [], examples }: Command): string {
  return [
    `Usage: podman-machine ${usage}`,
    `${does}.`,
    ...(more === undefined
      ? []
      : [
          more
            .split('\n')
            .flatMap((line) => wrapped(line, LINE))
            .join('\n'),
        ]),
    ...(options.length > 0 ? [optionTable(options)] : []),
    examples.map((line) => `  ${line}`).join('\n'),
  ].join('\n\n')
}

function optionTable(options: readonly Option[]): string {
  return table(
    options
      .filter(({ hidden }) => !hidden)
      .map(({ name, short, aliases = [], value, list, env, does, ...rest }) => {
        const names = [...(short ? [`-${short}`] : []), ...[...aliases, name].map((one) => `--${one}`)]
        const notes = [
          ...(rest.default ? [`default ${rest.default}`] : []),
          ...(list ? ['may be repeated'] : []),
          ...(env ? [`$${env}`] : []),
        ]
        return [
          `${names.join(', ')}${value ? ` ${value}` : ''}`,
          notes.length > 0 ? `${does} (${notes.join('; ')})` : does,
        ]
      }),
  )
}

const WIDE = 34
const LINE = 120

/** Two columns; where the first is wide, the second begins on a line of its own. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(WIDE, Math.max(...rows.map(([left]) => left.length)))
  const indent = ' '.repeat(width + 4)
  return rows
    .map(([left, right]) => {
      const lines = wrapped(right, LINE - indent.length).join(`\n${indent}`)
      return left.length > width ? `  ${left}\n${indent}${lines}` : `  ${left.padEnd(width)}  ${lines}`
    })
    .join('\n')
}

function wrapped(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
