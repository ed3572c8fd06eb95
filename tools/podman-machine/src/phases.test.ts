import { expect, test } from 'vitest'
import { Phases } from './phases.ts'

test('a line for each phase, and at the end its seconds and share', () => {
  const lines: string[] = []
  const phases = new Phases('box', (line) => lines.push(line))
  expect(phases.summary()).toEqual([])
  const begin = performance.now()
  phases.phase('making the disk')
  phases.say('it is small')
  phases.phase('starting')
  expect(lines).toEqual(['(box) making the disk ...', '(box) it is small', '(box) starting ...'])
  // The first two took next to nothing of these 10 s.
  expect(phases.summary(begin + 10_000).map((line) => line.replace(/9\.9|10\.0/, 'TEN'))).toEqual([
    '  making the disk   0.0 s   0 %',
    '  starting         TEN s 100 %'.replace('TEN', ' TEN').replace('  TEN', ' TEN'),
    '  all              TEN s 100 %'.replace('TEN', ' TEN').replace('  TEN', ' TEN'),
  ])
})
