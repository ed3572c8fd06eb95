import { Problem } from '@boot2podman/kit'
import type { Command } from './command.ts'

/** The text of `./b2p help`, or of `./b2p help VERB`. */
export function help(commands: ReadonlyMap<string, Command>, words: readonly string[]): string {
  const [verb] = words
  if (verb === undefined) return overview([...commands.values()])
  const command = commands.get(verb)
  if (!command) {
    throw new Problem({ where: 'b2p help', what: `there is no verb "${verb}"`, fix: './b2p help lists them' })
  }
  return [
    `Usage: ./b2p ${command.usage}`,
    `${command.does}.`,
    ...(command.more === undefined ? [] : [command.more]),
    command.examples.map((line) => `  ${line}`).join('\n'),
  ].join('\n\n')
}

function overview(commands: Command[]): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length))
  return [
    'Usage: ./b2p VERB',
    commands
      .map(
        ({ usage, does, examples }) =>
          `  ${usage.padEnd(width)}  ${does}\n  ${' '.repeat(width)}    ${examples[0]}`,
      )
      .join('\n'),
    `Each step is a target of Nx too:

  npx nx run conmon:tcz            one step of one package
  npx nx affected -t tcz           what your changes make anew
  npx nx graph                     what depends on what, in a browser`,
    './b2p help VERB tells more.',
  ].join('\n\n')
}
