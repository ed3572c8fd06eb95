import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { interruptible } from './interrupt.ts'

const exitCode = process.exitCode
afterEach(() => {
  process.exitCode = exitCode
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal)
  vi.restoreAllMocks()
})

test('work that a signal stops says so; the exit code is 130', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const work = interruptible('stopped', (signal) => setTimeout(60_000, undefined, { signal }))
  process.kill(process.pid, 'SIGINT')
  await work
  expect(said).toHaveBeenCalledWith('stopped')
  expect(process.exitCode).toBe(130)
})

test('a mistake of the work itself passes through', async () => {
  await expect(interruptible('stopped', () => Promise.reject(new Error('mistake')))).rejects.toThrow(
    'mistake',
  )
})
