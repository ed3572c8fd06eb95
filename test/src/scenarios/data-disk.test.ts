import { stat } from 'node:fs/promises'
import { run } from '@boot2podman/kit'
import type { Machine, MachineSpec } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { dataDisk, emptyDisk, requestDisk } from '../data-disk.ts'
import { checksum, folderWith } from '../files.ts'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'

type Kind = NonNullable<NonNullable<MachineSpec['disks']>[number]['as']>

const problems = (machine: Machine) => machine.run('cat /run/boot2podman/problems 2>/dev/null || true')
const megabytes = async (machine: Machine, place: string) =>
  Number(await machine.run(`df -Pm ${place} | awk 'END { print $2 }'`))

test.each([
  ['virtio', 'usb'],
  ['scsi', 'nvme'],
  ['sd', 'ide'],
] as [Kind, Kind][])(
  'a data disk on %s and one on %s: the first in its place is used, the other named',
  async (first, second) => {
    await using one = await dataDisk(64)
    await using other = await dataDisk(64)
    const disks = [
      { ...one.disk, as: first },
      { ...other.disk, as: second },
    ]
    await using machine = await boot({ disks })
    const label = 'boot2podman-data'
    const devices = (await machine.run(`sudo blkid | grep 'LABEL="${label}"' | cut -d: -f1`))
      .trim()
      .split('\n')
    const places = devices.map(async (device) => {
      return { device, place: await machine.run(`realpath /sys/class/block/${device.replace('/dev/', '')}`) }
    })
    const [used, unused, ...rest] = (await Promise.all(places)).sort((a, b) => (a.place < b.place ? -1 : 1))
    expect(rest).toEqual([])
    expect(await machine.run('cat /run/boot2podman/data')).toBe(`${used?.device}\n`)
    expect(await problems(machine)).toContain(
      `${unused?.device}: it is labelled ${label} too, and is not used: ${used?.device} is\n`,
    )
  },
)

test('an XFS in a partition of that name, and a btrfs, are found, and grow', async () => {
  await using plain = await dataDisk(320, { type: 'xfs', label: 'other' })
  await using xfs = await emptyDisk(322)
  await run('sfdisk', ['-q', xfs.disk.file], { input: 'label: gpt\nstart=1MiB, name=boot2podman-data\n' })
  await run('dd', [
    `if=${plain.disk.file}`,
    `of=${xfs.disk.file}`,
    'bs=1M',
    'seek=1',
    'conv=notrunc,sparse',
    'status=none',
  ])
  await using btrfs = await dataDisk(128, { type: 'btrfs' })
  await xfs.enlarge(500)
  await btrfs.enlarge(400)
  for (const [{ disk }, device] of [
    [xfs, 'vda1'],
    [btrfs, 'vda'],
  ] as const) {
    await using machine = await boot({ disks: [disk] })
    expect(await machine.run('cat /run/boot2podman/data')).toBe(`/dev/${device}\n`)
    await machine.run(
      `until [ "$(df -Pm /mnt/${device} | awk 'END { print $2 }')" -gt 390 ]; do sleep 0.2; done`,
      { timeout: 60 },
    )
    expect(await megabytes(machine, '/var/lib/containers')).toBeGreaterThan(390)
    expect(
      await machine.run(`sudo podman run --rm ${await tinyImage(machine)} /bin/busybox echo works`),
    ).toBe('works\n')
    expect(await problems(machine)).toBe('')
    await machine.shutDown()
  }
})

test('a damaged file system is not mended by guess: it can be read, nothing is written, and the login says so', async () => {
  const folder = await folderWith({
    'var/lib/boot2podman/one': 'a'.repeat(9000),
    'var/lib/boot2podman/two': 'b'.repeat(9000),
  })
  await using data = await dataDisk(64, { folder })
  const debugfs = (request: string) => run('debugfs', ['-w', '-R', request, data.disk.file])
  // Both files claim one block: no program may decide whose it is.
  const [block = ''] = (await debugfs('blocks /var/lib/boot2podman/two')).trim().split(/\s+/)
  await debugfs(`set_inode_field /var/lib/boot2podman/one block[5] ${block}`)
  // As the kernel leaves it when it has met an error.
  await debugfs('set_super_value state 2')
  await using machine = await boot({ disks: [data.disk] })
  // Blocks written so far, by e2fsck, which mends what is beyond doubt.
  const written = () => machine.run("awk '{ print $7 }' /sys/block/vda/stat")
  const before = await written()
  expect(await problems(machine)).toMatch(
    /^\/dev\/vda: the file system \(ext4\) of the data disk is damaged[\s\S]*e2fsck \/dev\/vda\n$/,
  )
  expect(await machine.run('b2p-status --login')).toContain('is damaged')
  expect(await machine.run('sudo cat /var/lib/boot2podman/two | wc -c')).toBe('9000\n')
  // What has to be written stays in memory.
  expect(
    await machine.run('sudo sh -c "echo new >/var/lib/boot2podman/three" && cat /var/lib/boot2podman/three'),
  ).toBe('new\n')
  expect(await machine.run(`sudo podman run --rm ${await tinyImage(machine)} /bin/busybox echo works`)).toBe(
    'works\n',
  )
  await machine.run('sync')
  expect(await written()).toBe(before)
})

test('one that cannot even be read is left as it is, and the machine starts', async () => {
  await using data = await dataDisk(64)
  // Its root, and the note that an error was met.
  for (const request of ['clri <2>', 'set_super_value state 2']) {
    await run('debugfs', ['-w', '-R', request, data.disk.file])
  }
  await using machine = await boot({ disks: [data.disk] })
  expect(await problems(machine)).toMatch(
    /^\/dev\/vda: the file system \(ext4\) .* is damaged.*\n {2}it cannot even be read; to mend it: sudo e2fsck \/dev\/vda\n$/,
  )
  expect(await machine.run('b2p-status --login')).toContain('in RAM')
})

test('a mirror of the kernel is found by the label of what is on it, with one half alone too', async () => {
  await using one = await emptyDisk(100)
  await using two = await emptyDisk(100)
  await using foreign = await emptyDisk(100)
  await using foreignToo = await emptyDisk(100)
  const disks = [one.disk, two.disk, foreign.disk, foreignToo.disk]
  {
    await using machine = await boot({ disks })
    const create = 'sudo mdadm --create --run --level=1 --raid-devices=2 --metadata'
    await machine.run(
      `${create}=1.2 /dev/md1 /dev/vda /dev/vdb 2>&1 && sudo mke2fs -q -t ext4 -L boot2podman-data /dev/md1`,
    )
    await machine.run(
      `${create}=1.2 /dev/md2 /dev/vdc /dev/vdd 2>&1 && sudo mke2fs -q -t ext4 -L precious /dev/md2`,
    )
    await machine.shutDown()
  }
  const before = await Promise.all([foreign, foreignToo].map(({ disk }) => checksum(disk.file)))
  {
    await using machine = await boot({ disks })
    expect(await machine.run('cat /run/boot2podman/data')).toMatch(/^\/dev\/md\d+\n$/)
    expect(await problems(machine)).toBe('')
    await machine.shutDown()
  }
  expect(await Promise.all([foreign, foreignToo].map(({ disk }) => checksum(disk.file)))).toEqual(before)
  await using machine = await boot({ disks: [two.disk] })
  expect(await machine.run('cat /run/boot2podman/data')).toMatch(/^\/dev\/md\d+\n$/)
})

test('blocks that are free are given back to the host at shutdown; a swap partition and networks are kept in use; full, it lets the machine start', async () => {
  await using data = await requestDisk(200)
  await using swap = await emptyDisk(64)
  await run('mkswap', ['-L', 'boot2podmanswap', swap.disk.file])
  const disks = [{ ...data.disk, discard: true }, swap.disk]
  {
    await using machine = await boot({ disks })
    expect(await machine.run('cat /proc/swaps')).toMatch(
      /\/dev\/vdb .*[\s\S]*\/dev\/zram0|\/dev\/zram0[\s\S]*\/dev\/vdb/,
    )
    expect(await machine.run('sudo podman network create --subnet 10.77.0.0/24 mine')).toBe('mine\n')
    expect(await machine.run('ls /etc/service/trim/run')).toBe('/etc/service/trim/run\n')
    await machine.run('sudo dd if=/dev/urandom of=/mnt/vda1/large bs=1M count=100 2>/dev/null && sync')
    const full = (await stat(data.disk.file)).blocks
    await machine.run('sudo rm /mnt/vda1/large')
    await machine.shutDown()
    expect((await stat(data.disk.file)).blocks).toBeLessThan(full / 2)
  }
  {
    await using machine = await boot({ disks })
    expect(await machine.run('sudo podman network ls -q | sort')).toBe('mine\npodman\n')
    await machine.run(
      'sudo sh -c "dd if=/dev/zero of=/mnt/vda1/fill bs=1M; dd if=/dev/zero of=/mnt/vda1/fill2 bs=4k" 2>/dev/null; sync',
    )
    await machine.shutDown()
  }
  // Full, it does not keep the machine from starting.
  await using machine = await boot({ disks })
  expect(await machine.run('b2p-status')).toMatch(/on the data disk \/dev\/vda1 .*: 0 of \d+ MB left/)
  await machine.run('sudo rm /mnt/vda1/fill')
  expect(await machine.run(`sudo podman run --rm ${await tinyImage(machine)} /bin/busybox echo room`)).toBe(
    'room\n',
  )
})
