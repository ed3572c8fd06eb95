import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { withBootCodes } from '../boot-codes.ts'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'

test.each([
  ['toram', /extensions copied to RAM .*, the medium may be taken out/],
  ['notoram', /extensions stay on the medium.*: leave it in/],
])('128 MB are enough, booted with %s', async (code, told) => {
  // With this level the kernel's errors are in the serial log too, should the machine not come as far as to be asked.
  const direct = withBootCodes(code, 'loglevel=4')
  await using machine = await boot({ direct, memory: 128 })
  const image = await tinyImage(machine)
  const run = () => machine.run(`sudo podman run --rm ${image} /bin/busybox echo ran`)
  expect(await run()).toBe('ran\n')
  expect(await run()).toBe('ran\n')
  expect(await readFile(machine.log, 'utf8')).toMatch(told)
  expect(await machine.outOfMemory()).toEqual([])
})
