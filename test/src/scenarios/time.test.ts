import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'
import { timeServer } from '../time-server.ts'

const seconds = async (machine: Machine) => Number(await machine.run('date +%s'))
const kernelSeconds = async (machine: Machine) => Number(await machine.run('cut -d . -f 1 /proc/uptime'))
/** How far the machine's clock is from the host's; a command takes its time. */
const wrong = async (machine: Machine) => Math.abs((await seconds(machine)) - Date.now() / 1000)

test('a clock that forgot the time is set by the network’s; that of a paused machine by its hardware', async () => {
  await using machine = await boot({ rtc: '2020-01-01T00:00:00' })

  // Before the network is asked it is not 2020, but the image's time.
  const image = Number(await machine.run('stat -c %Y /etc/os-release'))
  const start = await seconds(machine)
  expect(start).toBeGreaterThanOrEqual(image)
  expect(start).toBeLessThan(image + 600)

  {
    await using time = await timeServer()
    await machine.run(`echo ${time.server} | sudo tee /etc/sysconfig/ntpserver`)
    await machine.run('sudo service ntpd restart')
    await machine.run(
      "for i in $(seq 60); do b2p-logs ntpd | grep -q 'clock was set' && break; sleep 1; done",
    )
    expect(await machine.run('b2p-logs ntpd')).toMatch(/the clock was set by \d+/)
    expect(await wrong(machine)).toBeLessThan(5)
    // For the next boot the kernel sets the hardware's clock too.
    const hardware = 'cat /sys/class/rtc/rtc0/since_epoch'
    await machine.run(
      `for i in $(seq 60); do [ $(${hardware}) -ge $(($(date +%s) - 5)) ] && break; sleep 1; done`,
    )
    expect(Math.abs(Number(await machine.run(hardware)) - Date.now() / 1000)).toBeLessThan(5)
  }

  // Nobody on the network is there to ask any more.
  await machine.run('sudo service ntpd stop')
  await machine.run('sleep 6')
  await machine.pause()
  await sleep(12_000)
  await machine.resume()
  const resumed = await kernelSeconds(machine)
  const isSet = 'b2p-logs clock | grep -q "stood still"'
  await machine.run(`for i in $(seq 300); do ${isSet} && break; sleep 0.1; done`)
  expect((await kernelSeconds(machine)) - resumed).toBeLessThanOrEqual(10)
  expect(await machine.run('b2p-logs clock')).toMatch(/the machine stood still for (11|12|13|14|15) s/)
  expect(await wrong(machine)).toBeLessThan(5)
})

test('without a hardware clock the time goes on from where it was last seen', async () => {
  await using data = await dataDisk(64)
  const disks = [data.disk]
  let noted: number
  {
    await using machine = await boot({ disks })
    const stamp = '/var/lib/boot2podman/clock'
    await machine.run(`for i in $(seq 60); do [ -s ${stamp} ] && break; sleep 1; done; sync`)
    noted = Number(await machine.run(`cat ${stamp}`))
    expect(Math.abs(noted - Date.now() / 1000)).toBeLessThan(120)
    await machine.shutDown()
  }
  await using machine = await boot({ disks, rtc: '1970-01-01T00:00:00' })
  const time = await seconds(machine)
  expect(time).toBeGreaterThanOrEqual(noted)
  expect(time).toBeLessThan(noted + 600)
})
