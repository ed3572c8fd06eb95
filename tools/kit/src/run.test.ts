import { expect, test } from 'vitest'
import { Problem } from './problem.ts'
import { run } from './run.ts'

test('returns what a program wrote, to the byte', async () => {
  expect(await run('printf', ['%s\n\n', 'a b'])).toBe('a b\n\n')
})

test('there is no shell: a word stays a word', async () => {
  expect(await run('printf', ['%s', '$HOME; exit 3'])).toBe('$HOME; exit 3')
})

test('input, folder and environment reach the program', async () => {
  expect(await run('cat', [], { input: 'in' })).toBe('in')
  expect(await run('sh', ['-c', 'pwd; echo "$KIND"'], { cwd: '/', env: { KIND: 'go' } })).toBe('/\ngo\n')
})

test('with extendEnv false nothing of our own environment is handed on', async () => {
  process.env.KIT_TEST = 'seen'
  expect(await run('/usr/bin/env', [], { extendEnv: false, env: { ONLY: '1' } })).toBe('ONLY=1\n')
})

test('lines come as they are written, errors too', async () => {
  const lines: string[] = []
  await run('sh', ['-c', 'echo out; sleep 0.1; echo err >&2'], { onLine: (line) => lines.push(line) })
  expect(lines).toEqual(['out', 'err'])
})

test('a failure holds the exit code and the last lines, not the first of many', async () => {
  const failure = run('sh', ['-c', 'seq 100; echo broken >&2; exit 7'])
  await expect(failure).rejects.toThrow(Problem)
  await expect(failure).rejects.toThrow(/failed with exit code 7\n[\s\S]* {2}100\n {2}broken$/)
  await expect(failure).rejects.not.toThrow(/^ {2}1$/m)
})

test('a program that is not installed is told by name', async () => {
  await expect(run('no-such-program', [])).rejects.toThrow(
    'no-such-program: this program is not installed\n  ./b2p setup',
  )
})

test('a folder that does not exist is not taken for a missing program', async () => {
  await expect(run('true', [], { cwd: '/no/such/folder' })).rejects.toThrow('/no/such/folder')
})

test('a signal ends the program', async () => {
  const stop = new AbortController()
  const running = run('sleep', ['60'], { signal: stop.signal })
  stop.abort()
  await expect(running).rejects.toThrow('was ended by SIGTERM')
})
