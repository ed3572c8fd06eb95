import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startHeartbeat } from './heartbeat.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('the time is told every 10 seconds, later when something was said, never after the end', () => {
  const lines: string[] = []
  {
    using heart = startHeartbeat('conmon: building', (line) => lines.push(line))
    vi.advanceTimersByTime(15_000)
    heart.say('conmon: half')
    vi.advanceTimersByTime(10_000)
  }
  vi.advanceTimersByTime(60_000)
  expect(lines).toEqual(['conmon: building, 10 s', 'conmon: half', 'conmon: building, 25 s'])
})
