import { expect, test } from 'vitest'
import { Progress } from './progress.ts'

function follow(): { progress: Progress; lines: string[] } {
  const lines: string[] = []
  const progress = new Progress((line) => lines.push(line.replace(/\d+\.\d s$/, 'N s')))
  progress.expect(12)
  return { progress, lines }
}

test('which package, which step, how far', () => {
  const { progress, lines } = follow()
  progress.end('zlib:build', 'cache')
  progress.begin('conmon:build')
  progress.begin('kernel:build')
  progress.end('conmon:build', 'made')
  progress.end('kernel:build', 'failed')
  expect(lines).toEqual([
    '[ 2/12] conmon build',
    '[ 3/12] kernel build',
    '[ 2/12] conmon build: N s',
    '[ 3/12] kernel build: FAILED',
  ])
})

test('what a step writes is passed on by whole lines, with its package told once', () => {
  const { progress, lines } = follow()
  progress.begin('kernel:build')
  progress.output('kernel:build', 'kernel: 10 % of 2000 files\nCC ')
  progress.output('kernel:build', 'init/main.o\r\n\n1 %\r2 %\r3 %\nlast')
  progress.end('kernel:build', 'made')
  expect(lines.slice(1, -1)).toEqual([
    'kernel: 10 % of 2000 files',
    'kernel: CC init/main.o',
    'kernel: 3 %',
    'kernel: last',
  ])
})

test('a step that found its result in the cache outside the tree was not made', () => {
  const { progress, lines } = follow()
  progress.begin('zlib:build')
  progress.output('zlib:build', 'zlib: from the cache, 88 kB\n')
  progress.end('zlib:build', 'made')
  expect(progress.ends).toMatchObject([{ project: 'zlib', target: 'build', status: 'cache' }])
  expect(lines).toEqual(['[ 1/12] zlib build', 'zlib: from the cache, 88 kB'])
})
