import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { expect, inject, test } from 'vitest'
import { withBootCodes } from '../boot-codes.ts'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'

const problems = (machine: Machine) => machine.run('cat /run/boot2podman/problems')

/** Lines that begin with a boot code. */
const ofCodes = (told: string) => told.split('\n').filter((line) => /^\w+=/.test(line))

/** What the initramfs and the boot said on the consoles. */
const said = (machine: Machine) =>
  machine.run("sudo dmesg | sed -n 's/^.*boot2podman: //p'").then((text) => text.split('\n'))

test('boot codes of a host and its user; a bad one is told, one that nobody knows is not', async () => {
  const registry = `10.0.2.2:${inject('registryPort')}`
  await using data = await dataDisk(64)
  const direct = withBootCodes(
    'host=pod.example.org user=bob tz=CET-1CEST,M3.5.0,M10.5.0/3 ntpserver=a.example,10.0.0.1 rsyslog=10.0.2.2',
    'nodhcp ip=10.0.2.77:10.0.2.2:10.0.2.2:255.255.255.0:ignored:eth0:none:10.0.2.3::10.0.2.9 ip=10.0.0.300::',
    'home=vda opt=LABEL=boot2podman-data multivt showapps cde noembed cron syslog unknown=1 unheard',
    'waitusb=5:LABEL=boot2podman-data lst=none.lst blacklist=psmouse,virtio-balloon blacklist=net_failover;x',
  )
  await using machine = await boot({ direct, disks: [data.disk], memory: 512 })

  const names = await machine.run(
    'hostname; cat /etc/hostname; cat /proc/sys/kernel/hostname; sudo ping -c 1 pod',
  )
  expect(names).toMatch(/^(pod\.example\.org\n){3}PING pod \(127\.0\.0\.1\)/)

  // Who has the number 1001, in every file.
  const user = await machine.run(
    'id; pwd; cat /etc/sysconfig/tcuser; stat -c "%a %U %G" "$HOME"; grep -h ^bob: /etc/subuid /etc/subgid; ' +
      'sudo stat -c "%a %n" /etc/shadow /etc/sudoers; sudo grep ^bob: /etc/shadow; grep -c "^tc:" /etc/passwd || true',
  )
  expect(user).toBe(
    'uid=1001(bob) gid=50(staff) groups=50(staff)\n/home/bob\nbob\n755 bob staff\nbob:100000:65536\nbob:100000:65536\n' +
      '600 /etc/shadow\n440 /etc/sudoers\nbob:*:0:0:99999:7:::\n0\n',
  )
  // Its containers too.
  expect(await machine.run('podman info --format "{{.Store.GraphRoot}}"')).toContain('/home/bob/')

  const settings =
    'cd /etc/sysconfig; cat timezone ntpserver rsyslog; (. ./timezone; export TZ; date -d @0 +%H)'
  expect(await machine.run(settings)).toBe(
    "TZ='CET-1CEST,M3.5.0,M10.5.0/3'\na.example 10.0.0.1\n10.0.2.2\n01\n",
  )

  // The address, without anybody having been asked.
  const network = await machine.run(
    'ip -4 -o addr show eth0; ip route; cat /etc/resolv.conf; pidof udhcpc || true',
  )
  expect(network).toMatch(
    /10\.0\.2\.77\/24.*\ndefault via 10\.0\.2\.2 dev eth0.*\n10\.0\.2\.0\/24.*\nnameserver 10\.0\.2\.3\n$/,
  )
  await machine.run(`wget -qO - http://${registry}/v2/`)
  await machine.run(
    'n=0; until grep -q network /run/boot2podman/boot.json; do n=$((n + 1)); [ $n -lt 50 ]; sleep 0.2; done',
  )

  // Time servers of a lease do not take the place of those that somebody named; where nobody did, they are used.
  const lease = 'sudo env interface=lo ip=127.0.0.2 ntpsrv=10.0.0.9'
  await machine.run(`${lease} ntp_given=yes /usr/share/udhcpc/default.script bound`)
  expect(await machine.run('cat /etc/sysconfig/ntpserver')).toBe('a.example 10.0.0.1\n')
  await machine.run(`${lease} /usr/share/udhcpc/default.script bound`)
  expect(await machine.run('cat /etc/sysconfig/ntpserver')).toBe('10.0.0.9\n')

  expect(await machine.run('cat /proc/mounts')).toMatch(
    /^\/dev\/vda \/home ext4 \S*nosuid[\s\S]*^\/dev\/vda \/opt ext4 /m,
  )
  expect(await machine.run('ls -1A /opt /home | cat')).toMatch(
    /^\/home:\nbob\n[\s\S]*\.filetool\.lst\n[\s\S]*bootlocal\.sh\n/,
  )

  const shells = 'ps -o tty,args | grep -c "^4,[2-6] .*-sh" || true'
  await machine.run(`n=0; until [ "$(${shells})" = 5 ]; do n=$((n + 1)); [ $n -lt 50 ]; sleep 0.2; done`)

  expect(await machine.run('cat /etc/modprobe.d/blacklist.conf')).toBe(
    'blacklist psmouse\nblacklist virtio-balloon\n',
  )
  expect(await said(machine)).toEqual(expect.arrayContaining(['core.tcz', 'podman.tcz']))
  expect(await machine.run('showbootcodes')).toContain(' unheard ')

  const told = await problems(machine)
  expect(ofCodes(told)).toEqual([
    'lst=none.lst: there is no such list on the medium, so it is onboot.lst',
    'blacklist=net_failover;x: is no list of modules',
    'ip=10.0.0.300::: 10.0.0.300 is no address',
  ])

  await machine.run('sethostname again')
  expect(await machine.run('hostname; grep 127 /etc/hosts')).toBe('again\n127.0.0.1 localhost again\n')
  await expect(machine.run('sethostname a_b')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('a_b: is no name for a machine\n'),
  })
})

test('the medium as a file on a disk, another list, a root console, no network; bad values are told and left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-codes-'))
  try {
    // The medium with a second, shorter list.
    const image = join(folder, 'boot2podman.iso')
    await writeFile(join(folder, 'small.lst'), 'core.tcz\nmodules.tcz\n')
    await copyFile(inject('iso'), join(folder, 'whole.iso'))
    const list = ['-map', join(folder, 'small.lst'), '/cde/small.lst']
    const files = ['-indev', join(folder, 'whole.iso'), '-outdev', image, '-boot_image', 'any', 'keep']
    await run('xorriso', ['-return_with', 'FATAL', '0', ...files, ...list])
    await rm(join(folder, 'whole.iso'))
    await using data = await dataDisk(128, { folder })
    const direct = withBootCodes(
      'iso=LABEL=boot2podman-data/boot2podman.iso lst=small.lst superuser base norestore notoram ip=off',
      'host=-bad user=containers tz=Mars/Phobos ntpserver=a;b rsyslog=| waitusb=soon home=vdz blacklist=virtio_net',
    )
    await using machine = await boot({ direct, disks: [data.disk] })

    expect(await machine.run('id -u; echo ~; hostname')).toBe('0\n/root\nbox\n')
    expect(await machine.run('cat /run/extensions')).toMatch(/^core\nmodules\n$/m)
    expect(await machine.run('ls /usr/local/tce.installed | cat')).not.toContain('podman')
    expect(await machine.run('readlink /etc/sysconfig/cde; grep -c " /run/disk ext4 ro" /proc/mounts')).toBe(
      '/run/medium/cde\n1\n',
    )
    // Neither the driver of the card nor anybody who would ask.
    expect(await machine.run('ls -1 /sys/class/net | cat; pidof udhcpc || true')).toBe('lo\n')
    expect(await machine.run('ls -1 /etc/sysconfig/timezone /etc/sysconfig/rsyslog 2>/dev/null | cat')).toBe(
      '',
    )

    const told = await problems(machine)
    expect(ofCodes(told)).toEqual([
      'waitusb=soon: is no number of seconds',
      'host=-bad: is no name for a machine',
      'tz=Mars/Phobos: is no time zone',
      'ntpserver=a;b: is no server',
      'rsyslog=|: is no host',
      'user=containers: cannot be a user, so it is tc',
      'home=vdz: there is no such disk',
    ])
    // With the way out.
    expect(told).toMatch(/^host=-bad: .*\n {2}letters, digits/m)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
