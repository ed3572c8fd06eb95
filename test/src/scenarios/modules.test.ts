import { expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'

test('the first containers, with and without root, make the kernel look for no module that is not there', async () => {
  await using machine = await boot({ memory: 512 })
  // What the kernel asks modprobe for goes through this program from now on.
  await machine.run(`sudo tee /tmp/modprobe >/dev/null <<'END'
#!/bin/sh
echo "$@" >> /tmp/asked
/usr/sbin/modprobe "$@" || echo "$@" >> /tmp/not-there
END
sudo chmod +x /tmp/modprobe && echo /tmp/modprobe | sudo tee /proc/sys/kernel/modprobe`)
  const image = await tinyImage(machine)
  await machine.run(`sudo podman run --rm -p 7200:80 ${image} /bin/busybox true`)
  await machine.run(`sudo podman save -q ${image} | podman load -q`)
  await machine.run(`podman run --rm -p 7200:80 ${image} /bin/busybox true`)
  expect(await machine.run('cat /tmp/not-there 2>/dev/null || true')).toBe('')
  // The program was in the kernel's way: it asks for this one when a file system of that name is wanted.
  await machine.run('sudo mount -t nonsense none /mnt 2>/dev/null || true')
  expect(await machine.run('cat /tmp/not-there')).toContain('fs-nonsense')
})
