import { expect, test } from 'vitest'
import { help, overview } from './help.ts'
import { verbs } from './verbs.ts'

const all = await Promise.all([...verbs].map(async ([verb, load]) => ({ verb, command: await load([]) })))

test('the overview', () => {
  expect(overview(all.map(({ command }) => command))).toMatchSnapshot()
})

test.each(all)('$verb', ({ verb, command }) => {
  expect(command.usage.split(' ')[0]).toBe(verb)
  expect(help(command)).toMatchSnapshot()
})

test.each(['virtualbox', 'generic', 'none'])('create -d %s', async (driver) => {
  expect(help((await verbs.get('create')?.(['-d', driver])) as (typeof all)[0]['command'])).toMatchSnapshot()
})

test('no line is wider than a terminal may be', async () => {
  const drivers = await Promise.all(
    ['virtualbox', 'generic'].map((one) => verbs.get('create')?.(['-d', one])),
  )
  const more = drivers.flatMap((command) => (command ? [help(command)] : []))
  const texts = [
    ...more,
    overview(all.map(({ command }) => command)),
    ...all.map(({ command }) => help(command)),
  ]
  for (const line of texts.join('\n').split('\n')) expect(line.length, line).toBeLessThanOrEqual(120)
})
