import { expect, test } from 'vitest'
import { commands } from './commands.ts'
import { help } from './help.ts'

test('each verb with what it does and a line to paste', () => {
  const text = help(commands, [])
  for (const verb of commands.keys()) {
    expect(text).toMatch(new RegExp(`^  ${verb}\\b.* {2}\\S.*\\n +(\\w+=\\w+ )?\\./b2p ${verb}`, 'm'))
  }
})

test('no line is wider than a terminal may be', () => {
  const texts = [help(commands, []), ...[...commands.keys()].map((verb) => help(commands, [verb]))]
  for (const line of texts.join('\n').split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})

test('of one verb', () => {
  expect(help(commands, ['tcz'])).toBe(`Usage: ./b2p tcz NAME

Build one package and prove it: dist/tcz/NAME.tcz with its side files.

  ./b2p tcz conmon`)
})

test('of a verb that there is not', () => {
  expect(() => help(commands, ['fly'])).toThrow('b2p help: there is no verb "fly"')
})
