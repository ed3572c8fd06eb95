import { expect, test } from 'vitest'
import { closure } from './closure.ts'

const over = (names: string[], needs: Record<string, string[]>) => closure(names, (name) => needs[name] ?? [])

test('each once, what is needed before what needs it', () => {
  expect(
    over(['podman', 'zlib'], { podman: ['conmon', 'crun'], conmon: ['glib2'], crun: ['glib2'] }),
  ).toEqual(['glib2', 'conmon', 'crun', 'podman', 'zlib'])
})

test('a cycle is told with the way round, without what only leads to it', () => {
  expect(() => over(['podman'], { podman: ['a'], a: ['b'], b: ['a'] })).toThrow(
    'a: needs itself: a -> b -> a',
  )
  expect(() => over(['a'], { a: ['a'] })).toThrow('a: needs itself: a -> a')
})

test('many ways to one name take no time', () => {
  const needs = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`${index}`, [`${index + 1}`, `${index + 2}`]]),
  )
  expect(over(['0'], needs)).toHaveLength(202)
})
