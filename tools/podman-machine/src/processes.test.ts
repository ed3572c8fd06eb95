import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive, isSameProcess, processStart } from './process-start.ts'
import { howToInstall, inBackground, outcome, output } from './processes.ts'

test('what a program wrote, and how it ended', async () => {
  expect(await outcome('sh', ['-c', 'cat; echo err >&2; exit 7'], { input: 'in' })).toEqual({
    code: 7,
    stdout: 'in',
    stderr: 'err\n',
  })
  expect((await outcome('sh', ['-c', 'kill -9 $$'])).code).toBe(137)
  // One that reads nothing.
  expect((await outcome('true', [], { input: 'x'.repeat(1_000_000) })).code).toBe(0)
  await expect(output('sh', ['-c', 'echo broken >&2; exit 3'])).rejects.toThrow(
    'sh -c echo broken >&2; exit 3: failed with exit code 3\n  broken',
  )
})

test('a program that is missing: which package has it', async () => {
  await expect(outcome('/nowhere/ssh', [])).rejects.toThrow(
    '/nowhere/ssh: this program is not installed\n  to install it: sudo apt-get install openssh-client',
  )
  expect(howToInstall('qemu-system-x86_64', 'darwin')).toBe('to install it: brew install qemu')
  expect(howToInstall('C:\\x\\VBoxManage.exe', 'win32')).toBe(
    'to install it: winget install Oracle.VirtualBox',
  )
  expect(howToInstall('strange', 'linux')).toBe('install it, and have its folder in PATH')
})

test('one in the background outlives this call; another of its number is not the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'background-'))
  try {
    const log = join(folder, 'log')
    const child = await inBackground('sh', ['-c', 'echo said; exec sleep 60'], log)
    const pid = child.pid ?? 0
    const start = await processStart(pid)
    await expect.poll(() => readFile(log, 'utf8')).toBe('said\n')
    expect(await isSameProcess(pid, start)).toBe(true)
    expect(await isSameProcess(pid, 'of another')).toBe(false)
    child.kill()
    await once(child, 'exit')
    expect(isAlive(pid)).toBe(false)
    expect(await isSameProcess(pid, start)).toBe(false)
    await expect(inBackground('no-such-program', [], log)).rejects.toThrow('is not installed')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('one that has ended, and that nobody asked about yet, is none', async () => {
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'])
  const [text] = await once(parent.stdout, 'data')
  const pid = Number(String(text))
  await expect.poll(() => processStart(pid)).toBeUndefined()
  expect(await isSameProcess(pid, 'x')).toBe(false)
  parent.kill()
})
