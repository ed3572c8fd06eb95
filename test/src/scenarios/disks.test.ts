import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'

test('no disk is written to: neither a blank one nor one with data', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-disks-'))
  try {
    const size = 8 * 1024 * 1024
    const before = [Buffer.alloc(size), randomBytes(size)]
    const disks = before.map((_, index) => ({ file: join(folder, `${index}.img`), format: 'raw' as const }))
    for (const [index, { file }] of disks.entries()) await writeFile(file, before[index] ?? '')
    await using machine = await boot({ disks })
    expect(await machine.run('ls -1 /dev/vda /dev/vdb')).toBe('/dev/vda\n/dev/vdb\n')
    await machine.run(`sudo podman run --rm ${await tinyImage(machine)} /bin/busybox true`)
    await machine.shutDown()
    for (const [index, { file }] of disks.entries()) {
      expect((await readFile(file)).equals(before[index] ?? Buffer.of()), file).toBe(true)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
