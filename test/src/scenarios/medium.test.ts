import { describe, expect, inject, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'

// From a CD on IDE the shared machine boots, and with it all the other scenarios.
describe.each(['sata-cd', 'usb-stick'] as const)('booted from a %s', (as) => {
  test('a container runs, and one more with the medium taken out', async () => {
    await using machine = await boot({ medium: { file: inject('iso'), as }, memory: 512 })
    // Nobody boots the kernel for it with words of their own, as most scenarios do.
    expect(await machine.run('cat /proc/sys/kernel/randomize_va_space')).toBe('2\n')
    const image = await tinyImage(machine)
    const run = () => machine.run(`sudo podman run --rm ${image} /bin/busybox echo ran`)
    expect(await run()).toBe('ran\n')
    await machine.eject()
    // What was read before has to be read again, from where it is now.
    await machine.run('echo 3 | sudo tee /proc/sys/vm/drop_caches')
    expect(await run()).toBe('ran\n')
  })
})
