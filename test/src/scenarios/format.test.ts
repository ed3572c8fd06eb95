import { createHash } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { dataDisk, emptyDisk, requestDisk } from '../data-disk.ts'
import { checksum, folderWith } from '../files.ts'
import { boot, switchOn } from '../machines.ts'
import { sshAccess } from '../ssh.ts'

const PLACES = 'var/lib/containers var/lib/boot2podman var/lib/rancher var/log var/tmp'.split(' ')

const problems = (machine: Machine) => machine.run('cat /run/boot2podman/problems 2>/dev/null || true')

test('a disk is formatted if it asks; its tar is kept whole, its key lets in; no other disk is written to', async () => {
  await using access = await sshAccess()
  const folder = await folderWith({
    '.ssh/authorized_keys': `${access.publicKey}\n`,
    'large/file': Buffer.alloc(3_000_000, 'b2p'),
  })
  // A mode that sshd itself would not take.
  await chmod(join(folder, '.ssh/authorized_keys'), 0o666)
  await using asks = await requestDisk(200, folder)
  await using blank = await emptyDisk(100)
  await using foreign = await emptyDisk(100)
  await run('mkfs.ext4', ['-q', '-L', 'somebody-else', foreign.disk.file])
  const others = [blank.disk.file, foreign.disk.file]
  const before = await Promise.all(others.map(checksum))
  const disks = [blank.disk, foreign.disk, asks.disk]
  await using machine = await boot({ disks, memory: 384, forward: access.spec.forward })
  expect(await machine.run('cat /run/boot2podman/data')).toBe('/dev/vdc1\n')
  expect(await problems(machine)).toBe('')
  for (const place of PLACES)
    expect(await machine.run(`mount | grep ' on /${place} '`)).toMatch(/^\/dev\/vdc1 /)
  // What is behind the tar's end is not ours to keep.
  const kept = await machine.run(
    'sudo sha256sum /var/lib/boot2podman/userdata.tar; sudo stat -c %s /var/lib/boot2podman/userdata.tar',
  )
  const [hash, size] = [kept.split(/\s+/)[0], Number(kept.trim().split('\n')[1])]
  const tar = await readFile(asks.tar)
  expect(createHash('sha256').update(tar.subarray(0, size)).digest('hex')).toBe(hash)
  expect(tar.subarray(size).every((byte) => byte === 0)).toBe(true)
  await access.hostKeys()
  for (const user of ['tc', 'root']) expect(await access.ssh(user, 'whoami')).toBe(`${user}\n`)
  expect(await machine.run('sudo fdisk -l /dev/vdc')).toMatch(/valid GPT[\s\S]*boot2podman-data/)
  expect(await machine.run('sudo tune2fs -l /dev/vdc1')).toMatch(/Reserved block count: +[1-9]/)
  await machine.shutDown()
  expect(await Promise.all(others.map(checksum))).toEqual(before)
  expect(await run('sfdisk', ['--verify', asks.disk.file])).toMatch(/No errors detected/)
})

test('the plug pulled while a disk is formatted: the next boot starts again, and the tar is whole', async () => {
  const content = Buffer.alloc(2_500_000, 'userdata')
  await using asks = await requestDisk(300, await folderWith({ file: content }))
  const disks = [asks.disk]
  for (const milliseconds of [0, 150, 400, 700]) {
    await using machine = await switchOn({ disks, memory: 384 })
    const formatted = await Promise.race([
      machine.console.waitFor(/asks to be formatted/, 120).then(() => false),
      machine.ready().then(() => true),
    ])
    if (formatted) break
    await sleep(milliseconds)
    await machine.kill()
  }
  await using machine = await boot({ disks, memory: 384 })
  expect(await machine.run('cat /run/boot2podman/data')).toBe('/dev/vda1\n')
  expect(await machine.run('sudo tar -xOf /var/lib/boot2podman/userdata.tar ./file | sha256sum')).toBe(
    `${createHash('sha256').update(content).digest('hex')}  -\n`,
  )
})

test('by hand: boot2podman-format shows what is on a disk, asks, and the disk grows with its host', async () => {
  await using data = await emptyDisk(200)
  await using foreign = await dataDisk(64, { label: 'precious' })
  const disks = [data.disk, foreign.disk]
  {
    await using machine = await boot({ disks })
    expect(await machine.run('b2p-status --login')).toMatch(
      /in RAM: \d+ of \d+ MB left[\s\S]*here: \/dev\/vda \/dev\/vdb[\s\S]*sudo boot2podman-format DISK/,
    )
    await expect(machine.run('echo no | sudo boot2podman-format /dev/vdb')).rejects.toMatchObject({
      exitCode: 1,
      stderr: '/dev/vdb: nothing was written\n  expected "vdb"\n',
    })
    await machine.run('sudo mkdir /mnt/x && sudo mount /dev/vdb /mnt/x')
    for (const [words, what] of [
      ['/dev/vdb', 'is in use: /dev/vdb is mounted on /mnt/x'],
      ['/dev/sr0', 'is read-only'],
      ['/dev/nothing', 'there is no such disk'],
      ['', 'which disk?'],
      ['--force /dev/vda', 'there is no option "--force"'],
    ]) {
      await expect(machine.run(`echo vdb | sudo boot2podman-format ${words}`)).rejects.toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(what ?? ''),
      })
    }
    await machine.run('sudo umount /mnt/x')
    expect(await machine.run('echo vda | sudo boot2podman-format /dev/vda')).toMatch(
      /\/dev\/vda: 200 MB\r?\n +nothing on it is recognised[\s\S]*is the data disk from the next boot on/,
    )
    expect(await machine.run('echo no | sudo boot2podman-format /dev/vdb; true')).toMatch(
      /64 MB, LABEL="precious"/,
    )
    await machine.shutDown()
  }
  await data.enlarge(600)
  await using machine = await boot({ disks })
  await machine.run(
    'until [ "$(df -Pm /mnt/vda1 | awk \'END { print $2 }\')" -gt 500 ]; do sleep 0.2; done',
    { timeout: 60 },
  )
  expect(await machine.run('sudo sfdisk --verify /dev/vda')).toMatch(/No errors/)
  expect(await problems(machine)).toBe('')
  expect(await machine.run('b2p-status')).toMatch(
    /on the data disk \/dev\/vda1 \(ext4, \/mnt\/vda1\): \d+ of \d+ MB left/,
  )
})
