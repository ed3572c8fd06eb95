import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SerialConsole } from './console.ts'
import { CommandError, Shell } from './shell.ts'

// A real interactive shell on a real terminal; only the serial line between is left out.
let folder: string
let server: Server
let terminal: ChildProcess
let shell: Shell

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'b2p-shell-'))
  terminal = spawn('script', ['-qfc', 'sh -i', '/dev/null'], {
    env: { ...process.env, PS1: 'tc@box:~$ ', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  server = createServer((socket) => {
    terminal.stdout?.pipe(socket)
    socket.on('data', (data) => terminal.stdin?.write(data))
    for (const end of [socket, terminal.stdin]) end?.on('error', () => {})
  }).listen(join(folder, 'console'))
  await once(server, 'listening')
  shell = await Shell.at(await SerialConsole.open(join(folder, 'console')), 10)
})

afterEach(async () => {
  terminal.kill('SIGKILL')
  server.close()
  await rm(folder, { recursive: true })
})

test('what a command writes comes back to the byte', async () => {
  expect(await shell.run("printf ' a\\tb  \\\\ é\\n\\n'")).toBe(' a\tb  \\ é\n\n')
  expect(await shell.run('printf "no end of line"')).toBe('no end of line')
  expect(await shell.run('true')).toBe('')
})

test('a failure holds command, exit code and all that was written', async () => {
  const error = await shell.run('echo out; echo bad >&2; exit 7').catch((error) => error)
  expect(error).toBeInstanceOf(CommandError)
  expect(error).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'bad\n' })
  expect(error.message).toMatch(/^echo out; echo bad >&2; exit 7\nexit code 7\nbad\n/)
})

test('a command of many lines and more bytes than a terminal takes at once', async () => {
  const text = 'x'.repeat(100).concat('\n').repeat(90)
  expect(await shell.run(`cat <<'END'\n${text}END`)).toBe(text)
})

test('what takes too long is interrupted, and the next command runs', async () => {
  const error = await shell.run('echo begun; sleep 60', { timeout: 0.5 }).catch((error) => error)
  expect(error).toMatchObject({ exitCode: undefined, stdout: 'begun\n' })
  expect(error.message).toContain('not done after 0.5 s')
  expect(await shell.run('echo next')).toBe('next\n')
})

test("the kernel's messages are not a command's output", async () => {
  expect(await shell.run("printf 'on[    1.500000] eth0: link up\\r\\ne\\n'")).toBe('one\n')
})

test('a panic ends every wait', async () => {
  const panic = "printf '[    1.500000] Kernel panic - not syncing: Out of cheese\\r\\n'; sleep 60"
  await expect(shell.run(panic)).rejects.toThrow('Kernel panic - not syncing: Out of cheese')
})
