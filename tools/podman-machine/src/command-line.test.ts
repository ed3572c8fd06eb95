import { expect, test } from 'vitest'
import { parseWords } from './command-line.ts'
import type { Option } from './option.ts'

const options: Option[] = [
  { name: 'quiet', short: 'q', does: 'say less' },
  { name: 'filter', value: 'KEY=VALUE', list: true, does: 'only some' },
  { name: 'format', short: 'f', value: 'TEMPLATE', default: 'table', does: 'another form' },
  {
    name: 'qemu-memory',
    aliases: ['memory'],
    value: 'MB',
    env: 'QEMU_MEMORY',
    default: '1024',
    does: 'memory',
  },
  { name: 'on', env: 'ON', does: 'a switch' },
]

function parse(typed: string, environment: Record<string, string> = {}) {
  return parseWords(typed.split(' '), options, 'podman-machine ls', environment)
}

test('flags stand anywhere, in all their forms', () => {
  const { words, values } = parse('one --format=a=b two -q --filter x=1 three --filter=y=2')
  expect(words).toEqual(['one', 'two', 'three'])
  expect(values.text('format')).toBe('a=b')
  expect(values.flag('quiet')).toBe(true)
  expect(values.list('filter')).toEqual(['x=1', 'y=2'])
})

test.each(['-f x -q', '-fx -q', '-f=x -q', '-qfx', '-qf x', '--quiet=true --format x'])('%s', (typed) => {
  const { words, values } = parse(typed)
  expect([words, values.text('format'), values.flag('quiet')]).toEqual([[], 'x', true])
})

test('what comes after -- is no flag; a single dash is a word', () => {
  expect(parse('- -- --quiet -x').words).toEqual(['-', '--quiet', '-x'])
})

test('the last of several counts, an alias is the same flag', () => {
  expect(parse('--memory 1 --qemu-memory 2').values.text('qemu-memory')).toBe('2')
})

test('what is not given is taken from the environment, then from the default', () => {
  expect(parse('x').values.text('qemu-memory')).toBe('1024')
  expect(parse('x', { QEMU_MEMORY: '2' }).values.text('qemu-memory')).toBe('2')
  expect(parse('--memory 3', { QEMU_MEMORY: '2' }).values.text('qemu-memory')).toBe('3')
  expect(parse('x', { ON: '1' }).values.flag('on')).toBe(true)
  expect(parse('x', { ON: '0' }).values.flag('on')).toBe(false)
  expect(parse('--on=false', { ON: '1' }).values.flag('on')).toBe(false)
})

test.each([
  ['--fast', 'podman-machine ls: there is no flag --fast\n  podman-machine ls --help lists them'],
  ['-qx', 'podman-machine ls: there is no flag -x\n  podman-machine ls --help lists them'],
  ['--format', 'podman-machine ls: --format needs a value\n  --format TEMPLATE: another form'],
  ['--quiet=maybe', 'podman-machine ls: --quiet is true or false, not "maybe"'],
])('%s is told', (typed, message) => {
  expect(() => parse(typed)).toThrow(message)
})

test('whole numbers', () => {
  expect(parse('--memory 64').values.whole('qemu-memory', 1)).toBe(64)
  for (const text of ['0', '-1', '1.5', 'x', '1e3']) {
    expect(() => parse(`--memory=${text}`).values.whole('qemu-memory', 1)).toThrow(
      `--qemu-memory: "${text}" is not a whole number from 1\n  such as --qemu-memory 1024`,
    )
  }
})
