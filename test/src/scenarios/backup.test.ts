import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'

const MAGIC = 'boot2podman, please format-me'
const STATE = 'var/lib/boot2podman'

let folder: string
let data: Awaited<ReturnType<typeof dataDisk>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'b2p-backup-'))
  const disk = join(folder, 'disk')
  await mkdir(join(disk, STATE), { recursive: true })
  await mkdir(join(disk, 'tce'))
  await userdata(join(disk, STATE, 'userdata.tar'))
  await script(join(disk, STATE, 'bootsync.sh'), '#!/bin/sh\necho begun\nsleep 4711 &\nsleep 4711\n', 0o755)
  await script(join(disk, STATE, 'bootlocal.sh'), '#!/bin/nobody\necho never\n', 0o755)
  await damagedBackup(join(disk, 'tce', 'mydata.tgz'))
  data = await dataDisk(128, { folder: disk })
})

afterAll(async () => {
  await data[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const problems = (machine: Machine) => machine.run('cat /run/boot2podman/problems')

const shutDown = (machine: Machine) =>
  Promise.all([machine.off(90), machine.run('exitcheck.sh shutdown').catch(() => {})])

test('userdata without what may not be; a script that hangs is ended; a damaged backup; then a whole one is made', async () => {
  await using machine = await boot({ disks: [data.disk] })
  const told = await problems(machine)

  // In the home as the user's own; nothing beside it, and no sign of the mark.
  expect(await machine.run('cd; stat -c "%a %U %G %n" .ssh .ssh/authorized_keys notes link; cat notes')).toBe(
    '700 tc staff .ssh\n644 tc staff .ssh/authorized_keys\n644 tc staff notes\n777 tc staff link\nnotes\n',
  )
  expect(
    await machine.run(
      'ls -1A /home /home/tc/last /home/tc/null /home/tc/up 2>&1; ls /home/tc | grep please || true',
    ),
  ).toBe(
    'ls: /home/tc/null: No such file or directory\nls: /home/tc/up: No such file or directory\n/home/tc/last\n\n/home:\ntc\n',
  )
  for (const [member, why] of [
    ['../up', 'would lie outside'],
    ['/etc/up', 'would lie outside'],
    ['null', 'is a device'],
  ]) {
    expect(told).toContain(`/${STATE}/userdata.tar: ${member}: ${why}`)
  }
  expect(await machine.run('ls /etc/up /up 2>&1 || true')).not.toMatch(/^\/(etc\/)?up$/m)

  // The boot went on, and left nothing of the script behind.
  expect(told).toContain(`/${STATE}/bootsync.sh: was ended: it still ran after 30 s`)
  expect(await machine.run("pgrep -f 'sleep [4]711' || echo none; cat /var/log/bootsync.sh.log")).toMatch(
    /^none\nbegun\n/,
  )
  expect(told).toContain(`/${STATE}/bootlocal.sh: its first line asks for /bin/nobody, which is not there`)

  expect(told).toMatch(
    /^\/mnt\/vda\/tce\/mydata\.tgz: the backup is damaged; nothing of it was restored\n {2}\S/m,
  )
  expect(await machine.run('ls /home/tc/damaged 2>/dev/null || true')).toBe('')

  // Now what a person would keep: of /home, without what is listed, and scripts.
  await machine.run(`cd; echo mine >kept; mkdir -p .cache .local/share/containers; touch .cache/left .local/share/containers/left
    printf 'opt\\nhome\\netc/motd\\n# no file\\nnone\\n' >/opt/.filetool.lst
    echo changed | sudo tee /etc/motd >/dev/null
    nc -lk -s local:/home/tc/socket >/dev/null 2>&1 &
    sudo rm /${STATE}/bootsync.sh /${STATE}/bootlocal.sh
    echo 'echo opt >>/run/order; /opt/bootlocal.sh &' >>/opt/bootsync.sh
    echo 'echo ran >>/run/local' >>/opt/bootlocal.sh
    echo 'echo opt >>/mnt/vda/down; sleep 4711' >>/opt/shutdown.sh
    printf '#!/bin/sh\\necho state >>/run/order\\n' | sudo tee /${STATE}/bootsync.sh >/dev/null
    printf '#!/bin/sh\\necho state >>/mnt/vda/down\\n' | sudo tee /${STATE}/shutdown.sh >/dev/null
    echo 'exit 7' | sudo tee /${STATE}/bootlocal.sh >/dev/null
    sudo chmod +x /${STATE}/bootsync.sh /${STATE}/shutdown.sh`)

  // Whoever asks for nothing, or for what is not there, is told.
  await expect(machine.run('filetool.sh')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Usage:'),
  })
  await expect(machine.run('filetool.sh -b vdz')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('vdz: there is no such disk\n'),
  })
  const plan = await machine.run('filetool.sh -d 2>&1')
  expect(plan).toMatch(/ home\/tc\/kept\n[\s\S]*\d+ files, \d+\.\d MB before they are compressed\n$/)
  expect(plan).toContain('/none is not there\n')
  expect(plan).not.toContain('left')

  // A disk without room: the old one stays, whatever it is.
  const before = await machine.run('md5sum /mnt/vda/tce/mydata.tgz')
  await machine.run(
    'head -c 30000000 /dev/urandom >big; dd if=/dev/zero of=/mnt/vda/fill bs=1M 2>/dev/null | true',
    { timeout: 240 },
  )
  await machine.run('sudo dd if=/dev/zero of=/mnt/vda/fill bs=1M 2>/dev/null; true', { timeout: 240 })
  await expect(machine.run('filetool.sh -b', { timeout: 240 })).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(
      '/mnt/vda/tce/mydata.tgz: the backup could not be made; the one of before',
    ),
  })
  expect(await machine.run('md5sum /mnt/vda/tce/mydata.tgz; ls -1 /mnt/vda/tce | cat')).toBe(
    `${before}mydata.tgz\noptional\n`,
  )
  await machine.run('sudo rm /mnt/vda/fill big')

  expect(await machine.run('echo n | backup || echo "not made"')).toMatch(
    /\/mnt\/vda\/tce\/mydata\.tgz\? .*not made\n$/,
  )
  expect(await machine.run('filetool.sh -b 2>/dev/null')).toBe(
    'Backing up files to /mnt/vda/tce/mydata.tgz\nDone.\n',
  )
  await machine.run('echo y | backup -s 2>&1')
  expect(await machine.run('ls -1 /mnt/vda/tce | cat')).toBe('mydata.tgz\nmydatabk.tgz\noptional\n')
  await shutDown(machine)
})

test('the next boot has it all again, and the scripts run once, each in its turn', async () => {
  await using machine = await boot({ disks: [data.disk] })
  expect(await machine.run('cat ~/kept ~/notes /etc/motd; stat -c "%U %G" ~/kept')).toBe(
    'mine\nnotes\nchanged\ntc staff\n',
  )
  expect(await machine.run('ls -1A ~ | cat')).not.toMatch(/socket|\.cache/)
  // What came with the disk is not lost by what was kept.
  await machine.run('grep key ~/.ssh/authorized_keys')
  await machine.run('n=0; until [ -s /run/local ]; do n=$((n + 1)); [ $n -lt 50 ]; sleep 0.2; done')
  expect(await machine.run('cat /run/order /run/local')).toBe('opt\nstate\nran\n')
  const told = await problems(machine)
  expect(told).toContain(`/${STATE}/bootlocal.sh: may not be executed, so it did not run\n  chmod +x`)
  expect(told).not.toMatch(/mydata|\/opt\//)
  // On the way down: the one that hangs was ended, both ran once.
  expect(await machine.run('cat /mnt/vda/down')).toBe('opt\nstate\n')

  // By hand, from a disk that is named; a damaged one brings nothing.
  await machine.run('rm ~/kept; filetool.sh -r vda/tce')
  expect(await machine.run('cat ~/kept')).toBe('mine\n')
  await machine.run('rm ~/kept; cd /mnt/vda/tce; head -c 500 mydata.tgz | sudo tee mydata.tgz >/dev/null')
  await expect(machine.run('filetool.sh -r')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('mydata.tgz: the backup is damaged; nothing of it was restored\n'),
  })
  expect(await machine.run('ls ~/kept 2>/dev/null || true')).toBe('')
})

/** As podman-machine makes it, with what somebody might try. */
async function userdata(file: string): Promise<void> {
  const source = join(folder, 'userdata')
  await mkdir(join(source, '.ssh'), { recursive: true, mode: 0o700 })
  await mkdir(join(source, 'link'))
  await rm(join(source, 'link'), { recursive: true })
  await run('ln', ['-s', '/etc', join(source, 'link')])
  for (const name of [MAGIC, 'notes', 'up', 'last']) await script(join(source, name), `${name}\n`, 0o644)
  await script(join(source, '.ssh/authorized_keys'), `key ${'k'.repeat(5000)}\n`, 0o644)
  const tar = (...args: string[]) => run('tar', ['-P', '-f', file, ...args])
  await tar('-c', '-C', source, MAGIC, '.ssh', 'notes', 'link')
  await tar('-r', '-C', source, '--transform=s,^,../,', 'up')
  await tar('-r', '-C', source, '--transform=s,^,/etc/,', 'up')
  await tar('-r', '-C', '/dev', 'null')
  await tar('-r', '-C', source, 'last')
}

async function damagedBackup(file: string): Promise<void> {
  const source = join(folder, 'damaged')
  await mkdir(join(source, 'home/tc'), { recursive: true })
  await writeFile(join(source, 'home/tc/damaged'), 'damaged\n')
  await run('tar', ['-C', source, '-czf', file, 'home'])
  await truncate(file, (await readFile(file)).length - 8)
}

const script = (file: string, text: string, mode: number) => writeFile(file, text, { mode })
