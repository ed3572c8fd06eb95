import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandLine } from '@boot2podman/qemu'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askFor, commandOf } from './command-of.ts'
import { goOn, type Instance, isGone, isRunning, powerDown, quit, status } from './instance.ts'
import { explain, launch } from './launch.ts'
import { quitAt, withMonitor } from './monitor.ts'
import { freePort, whyNotFree } from './port.ts'

let folder: string
let instance: Instance

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instance-'))
  instance = at(folder)
})
afterEach(async () => {
  await quit(instance)
  await rm(folder, { recursive: true })
})

function at(folder: string): Instance {
  return { uuid: randomUUID(), monitor: join(folder, 'monitor'), pid: join(folder, 'qemu.pid') }
}

/** A real QEMU, with nothing to boot from. */
function begin({ uuid }: Instance, folder: string, program = 'qemu-system-x86_64', forward: number[] = []) {
  const place = { file: 'console.log', qmp: 'monitor', pidFile: 'qemu.pid', name: 'box', uuid }
  const spec = { memory: 16, forward: forward.map((host) => ({ host, guest: 22 })) }
  return launch(instance, { program, args: commandLine(spec, place), folder })
}

test('it runs on its own, answers, and ends at a word', async () => {
  expect(await status(instance)).toBeUndefined()
  await begin(instance, folder)
  expect(await status(instance)).toBe('running')
  const pid = Number(await readFile(instance.pid, 'utf8'))
  expect(await commandOf(pid)).toContain(instance.uuid)
  // A firmware without a system takes no notice of the power button.
  await powerDown(instance)
  expect(await isGone(instance, 0)).toBe(false)
  await quit(instance)
  expect(await status(instance)).toBeUndefined()
})

test('in a folder whose path is longer than a socket may have', async () => {
  const deep = join(folder, 'x'.repeat(100), 'y'.repeat(100))
  await mkdir(deep, { recursive: true })
  instance = at(deep)
  const here = process.cwd()
  await begin(instance, deep)
  expect(await status(instance)).toBe('running')
  expect(process.cwd()).toBe(here)
})

test('a stale number of a process is nobody of ours, and is not killed', async () => {
  const other = spawn('sleep', ['60'])
  await writeFile(instance.pid, `${other.pid}\n`)
  expect(await isRunning(instance)).toBe(false)
  await quit(instance)
  expect(other.exitCode ?? other.signalCode).toBeNull()
  other.kill()
  for (const text of ['', 'nonsense', '1', '-1', '999999999']) {
    await writeFile(instance.pid, text)
    expect(await isRunning(instance)).toBe(false)
  }
})

test('another machine at the same place is not ours', async () => {
  await begin(instance, folder)
  const other = { ...instance, uuid: randomUUID() }
  expect(await status(other)).toBeUndefined()
  await quit(other)
  expect(await status(instance)).toBe('running')
})

test('one that does not answer runs, and ends by a signal', async () => {
  await begin(instance, folder)
  const pid = Number(await readFile(instance.pid, 'utf8'))
  process.kill(pid, 'SIGSTOP')
  expect(await status(instance)).toBe('no answer')
  await quit(instance)
  expect(await status(instance)).toBeUndefined()
}, 60_000)

test('several may ask at the same time', async () => {
  await begin(instance, folder)
  const asked = await Promise.all(Array.from({ length: 20 }, () => status(instance)))
  expect(new Set(asked)).toEqual(new Set(['running']))
})

test('a port that is taken, a program that is missing, other last words', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  expect(await whyNotFree(port)).toBe('is taken by another program')
  await expect(freePort([port, port])).rejects.toThrow(`all ports from ${port} to ${port} are taken`)
  await expect(begin(instance, folder, undefined, [port])).rejects.toThrow(
    /Could not set up host forwarding rule[\s\S]*another program uses that port/,
  )
  server.close()
  await expect(begin(instance, folder, 'qemu-system-none')).rejects.toThrow(
    'qemu-system-none: this program is not installed',
  )
  expect(explain('qemu', '', 'SIGSEGV').message).toBe('qemu: was ended by SIGSEGV')
  expect(explain('qemu', '', null).message).toBe('qemu: has ended at once')
})

test('the command line of a process, where there is no /proc', () => {
  expect(askFor('darwin', 12)).toEqual(['ps', '-ww', '-o', 'args=', '-p', '12'])
  expect(askFor('win32', 12).join(' ')).toContain('"ProcessId=12"')
})

test('one of which only its folder is known is ended by its monitor', async () => {
  await begin(instance, folder)
  await quitAt(instance.monitor)
  expect(await isGone(instance, 20)).toBe(true)
  await quitAt(instance.monitor)
})

test('a paused machine goes on; one that runs was not paused', async () => {
  await begin(instance, folder)
  expect(await goOn(instance)).toBe(false)
  await withMonitor(instance.monitor, instance.uuid, (qmp) => qmp.execute('stop'))
  expect(await status(instance)).toBe('paused')
  expect(await goOn(instance)).toBe(true)
  expect(await status(instance)).toBe('running')
})
