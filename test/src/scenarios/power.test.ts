import { readFile } from 'node:fs/promises'
import type { Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'

test('poweroff from inside ends what runs, then the machine', async () => {
  await using machine = await boot()
  await runsSomething(machine)
  // The machine may be gone before the command's end is told.
  await machine.shutDown()
  await expectCleanEnd(machine)
})

test('the power button does the same', async () => {
  await using machine = await boot()
  await runsSomething(machine)
  await machine.pressPowerButton()
  await machine.off()
  await expectCleanEnd(machine)
})

async function runsSomething(machine: Machine): Promise<void> {
  const image = await tinyImage(machine)
  const polite = `trap 'exit 0' TERM; while :; do /bin/busybox sleep 0.2; done`
  await machine.run(`sudo podman run -d ${image} /bin/busybox sh -c ${JSON.stringify(polite)}`)
}

async function expectCleanEnd(machine: Machine): Promise<void> {
  const log = await readFile(machine.log, 'utf8')
  const [, end = ''] = log.split('Stopping containers')
  expect(end).toMatch(/reboot: Power down\s*$/)
  expect(end).not.toMatch(/can't|cannot|fail|warn|error|busy\b|Call Trace/i)
}
