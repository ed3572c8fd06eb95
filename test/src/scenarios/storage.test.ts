import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { dataDisk } from '../data-disk.ts'
import { debian, pulledDebian, tinyImage } from '../images.ts'
import { boot } from '../machines.ts'

test('on a data disk containers last; those with --restart=always come back by themselves', async () => {
  await using data = await dataDisk(512)
  const disks = [data.disk]
  {
    await using machine = await boot({ disks, memory: 512 })
    const image = await tinyImage(machine)
    expect(await machine.run('sudo podman info --format {{.Store.GraphRootAllocated}}')).toMatch(/^5\d{8}\n$/)
    await machine.run(`sudo podman run -d --name faithful --restart=always ${image} /bin/busybox sleep 10000`)
    await machine.run(`sudo podman run -d --name unfaithful ${image} /bin/busybox sleep 10000`)
    await machine.run(
      `sudo podman run -d --name stopped --restart=unless-stopped ${image} /bin/busybox sleep 10000`,
    )
    await machine.run('sudo podman stop -t 0 stopped')
    await machine.shutDown()
  }
  await using machine = await boot({ disks, memory: 512 })
  const state = "sudo podman ps -a --format '{{.Names}} {{.State}}' | sort"
  await machine.run(`for i in $(seq 60); do ${state} | grep -q 'faithful running' && break; sleep 0.5; done`)
  expect(await machine.run(state)).toBe('faithful running\nstopped exited\nunfaithful exited\n')
  expect(await machine.run('sudo sv status podman-restart')).toMatch(/^down: /)
})

test('the plug pulled during a pull: the store passes its check, and the pull succeeds', async () => {
  await using data = await dataDisk(512)
  const disks = [data.disk]
  {
    await using machine = await boot({ disks, memory: 512 })
    await machine.run(`sudo podman run --name before ${await tinyImage(machine)} /bin/busybox true && sync`)
    await machine.run(`sudo sh -c 'podman pull -q --tls-verify=false ${debian()} >/dev/null 2>&1 &'`)
    await machine.run('until ls -A /var/tmp | grep -q .; do sleep 0.1; done')
    await sleep(500)
    await machine.kill()
  }
  await using machine = await boot({ disks, memory: 512 })
  expect(await machine.run('sudo podman system check', { timeout: 300 })).toBe('')
  expect(await machine.run("sudo podman ps -a --format '{{.Names}}'")).toBe('before\n')
  const image = await pulledDebian(machine)
  expect(await machine.run(`sudo podman run --rm ${image} echo whole`)).toBe('whole\n')
})

test('a repair takes nothing away of what is made meanwhile', async () => {
  await using machine = await boot({ memory: 512 })
  await machine.run(
    "sudo sh -c 'until [ -e /tmp/enough ]; do podman system check --quick --repair && echo whole; done; echo over' >/tmp/repairs 2>&1 &",
  )
  const names = Array.from({ length: 12 }, (_, index) => `localhost/made-${String(index).padStart(2, '0')}`)
  for (const name of names) {
    await machine.run(
      `echo ${name} >/tmp/file && tar -C /tmp -cf /tmp/made.tar file && sudo podman import -q /tmp/made.tar ${name} && sudo podman create ${name} x`,
    )
  }
  await machine.run('touch /tmp/enough; until grep -q over /tmp/repairs; do sleep 0.1; done')
  expect(await machine.run('sort -u /tmp/repairs')).toBe('over\nwhole\n')
  expect(await machine.run("sudo podman images --format '{{.Repository}}' | sort")).toBe(
    names.map((name) => `${name}\n`).join(''),
  )
  expect(await machine.run('sudo podman ps -aq | wc -l')).toBe(`${names.length}\n`)
  expect(await machine.run('sudo podman system check')).toBe('')
})

test.each([
  ['in memory', false],
  ['on a data disk', true],
])('a full store %s: a pull says so, podman rm and prune make room again', async (_where, onDisk) => {
  await using data = await dataDisk(128)
  await using machine = await boot({ memory: 384, ...(onDisk && { disks: [data.disk] }) })
  const image = await tinyImage(machine)
  await machine.run(
    `sudo podman run --name greedy ${image} /bin/busybox sh -c '/bin/busybox dd if=/dev/urandom of=/fill bs=1M' 2>&1 || true`,
    { timeout: 500 },
  )
  await expect(
    machine.run(`sudo podman pull -q --retry 0 --tls-verify=false ${debian()}`, { timeout: 240 }),
  ).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining('no space left on device'),
  })
  // Nothing else breaks: files can be written, programs started, and what is there can be looked at.
  expect(await machine.run('echo fine > /tmp/file && cat /tmp/file && sudo podman ps -aq | wc -l')).toBe(
    'fine\n1\n',
  )
  await machine.run('sudo podman rm greedy')
  expect(await machine.run(`sudo podman run --rm ${image} /bin/busybox echo room`)).toBe('room\n')
  await machine.run('sudo podman image prune -af')
  expect(await machine.run('sudo podman images -q')).toBe('')
  expect(await machine.outOfMemory()).toEqual([])
})
