import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { start } from './machine.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'b2p-machine-'))
})
afterEach(() => rm(folder, { recursive: true }))

// A boot sector: write the text to the serial line, wait for a key, switch the machine off.
const CODE = `31c0 8ed8 be247c ac 84c0 7406 baf803 ee ebf5 bafd03 ec a801 74fb ba0406 b80020 ef f4 ebfd`

async function speaking(text: string): Promise<{ memory: number; disks: { file: string; format: 'raw' }[] }> {
  const file = join(folder, 'disk, with a comma.raw')
  // No BIOS boots a disk of one sector.
  const sector = Buffer.alloc(1024 * 1024)
  sector.set(Buffer.from(CODE.replaceAll(' ', ''), 'hex'))
  sector.write(`${text}\0`, 36)
  sector.writeUInt16LE(0xaa55, 510)
  await writeFile(file, sector)
  return { memory: 16, disks: [{ file, format: 'raw' }] }
}

test('from start to off: nothing that is written is lost, and it stays in the log', async () => {
  const log = join(folder, 'a', 'log')
  await using machine = await start(await speaking('hello\r\n'), log)
  await machine.console.waitFor(/hello\r\n/, 30)
  machine.console.type('x')
  await machine.off(10)
  expect(await readFile(log, 'utf8')).toBe('hello\r\n')
})

test('a machine that does not switch itself off is told, with the line to look at it', async () => {
  await using machine = await start(await speaking('hello\r\n'), join(folder, 'log'))
  await expect(machine.off(0.1)).rejects.toThrow(/still on after 0.1 s.*qemu-system-x86_64 -machine/)
})

test('who waits for text hears of a panic, and of the end of the machine', async () => {
  const panic = '[    1.000000] Kernel panic - not syncing: no init\r\n'
  const panicked = await start(await speaking(panic), join(folder, 'panicked'))
  await expect(panicked.ready(30)).rejects.toThrow('Kernel panic - not syncing: no init')
  await panicked.kill()

  await using killed = await start(await speaking('hello'), join(folder, 'killed'))
  const ready = killed.ready(30)
  const [result] = await Promise.allSettled([ready, killed.kill()])
  expect(result).toMatchObject({ reason: new Error('the machine has ended') })
})

test('a machine that QEMU refuses is told in its words', async () => {
  const spec = { memory: 16, disks: [{ file: join(folder, 'none.raw'), format: 'raw' as const }] }
  await expect(start(spec, join(folder, 'log'))).rejects.toThrow(/none.raw': No such file or directory/)
})

test('a CD is ejected, a stick pulled out', async () => {
  const file = join(folder, 'empty.iso')
  await writeFile(file, Buffer.alloc(64 * 1024))
  for (const as of ['ide-cd', 'sata-cd', 'usb-stick'] as const) {
    await using machine = await start({ memory: 16, medium: { file, as } }, join(folder, as))
    await machine.eject()
    if (as !== 'usb-stick') await machine.eject()
  }
})

test('QEMU takes disks of every kind, two of each, and texts for the firmware to hand over', async () => {
  const empty = async (name: string) => {
    await writeFile(join(folder, name), Buffer.alloc(1024 * 1024))
    return join(folder, name)
  }
  const kinds = ['virtio', 'ide', 'sata', 'scsi', 'nvme', 'sd', 'usb'] as const
  const disks = await Promise.all(
    [...kinds, ...kinds].map(async (as, index) => {
      return { file: await empty(`${index}.raw`), format: 'raw' as const, as, discard: true }
    }),
  )
  const medium = { file: await empty('a.iso'), as: 'ide-cd' as const }
  const machine = await start({ memory: 16, medium, disks, fwCfg: { 'opt/a': 'b,c' } }, join(folder, 'log'))
  await machine.kill()
})
