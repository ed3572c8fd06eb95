import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem, run } from '@boot2podman/kit'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

test('the harness can fail: it tells the command, the log, and how to boot that very machine', async () => {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--root', join(ROOT, 'test'), '--config', 'must-fail.config.ts']
  const lines: string[] = []
  const outcome = await run(process.execPath, args, {
    env: { NO_COLOR: '1' },
    onLine: (line) => lines.push(line),
  }).catch((error) => error)
  expect(outcome).toBeInstanceOf(Problem)
  const report = lines.join('\n')
  expect(report).toMatch(/CommandError: echo seen; exit 3\n.*exit code 3/)
  expect(report).toMatch(/to boot that very machine: qemu-system-x86_64 .*boot2podman\.iso/)
  const [, log = ''] = /its console: (\S+)/.exec(report) ?? []
  expect(await readFile(log, 'utf8')).toContain('seen')
})
