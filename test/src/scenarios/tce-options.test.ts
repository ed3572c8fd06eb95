import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { expect, inject, test } from 'vitest'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'
import { type Mirror, mirror } from '../mirror.ts'
import { said } from '../said.ts'
import { online } from './online.ts'

const words = (text: string) => ({ 'usr/local/share/words': `${text}\n` })

async function fill(server: Mirror): Promise<void> {
  await server.add('kept', { ...words('of kept'), 'usr/local/share/kept': '' })
  await server.add('forced', words('of forced'))
  await server.add('forced-copy', words('of forced-copy'))
  await server.add('elsewhere', { 'usr/local/share/elsewhere': 'elsewhere\n' })
  await server.add('called', { 'usr/local/bin/called': '#!/bin/sh\necho called\n' })
  for (const name of ['speaks', 'sings', 'hums']) {
    await server.add(name, { [`usr/local/share/${name}`]: '' })
    await server.add(`${name}-locale`, { [`usr/local/share/locale/de/${name}`]: '' })
  }
  await server.add('listed', { 'usr/local/share/listed': '' })
  await server.add('flagged', { 'usr/local/share/flagged': 'flagged\n' }, ['listed'])
  await server.add('lib', { 'usr/local/share/lib': '' })
  await server.add('needy', { 'usr/local/share/needy': '' }, ['lib'])
  await server.add('enormous', { 'usr/local/share/enormous': Buffer.alloc(1) })
}

test('tce-load: -f, -t, copies, locales, a disk that fills; a machine without network loads from its medium', async () => {
  await using server = await mirror()
  await fill(server)
  await server.publish()
  await using data = await dataDisk(100)
  {
    await using machine = await boot({ disks: [data.disk] })
    await online(machine)
    await machine.run(`echo http://10.0.2.2:${server.port} | sudo tee /opt/tcemirror`)
    await overwriting(machine)
    await anotherFolder(machine)
    await locales(machine)
    await copies(machine)
    await missingNeeds(machine)
    await diskFills(machine, server)
    await machine.run('echo flagged.tcz >/mnt/vda/tce/onboot.lst; touch /mnt/vda/tce/copy2fs.flg')
    await machine.shutDown()
  }
  // Never published, never fetched.
  await server.add('carried', { 'usr/local/share/carried': '' })
  await using medium = await mediumWith(server, 'carried')
  await using machine = await boot({ medium: medium.medium, network: false, disks: [data.disk] })
  expect(
    await machine.run('cat /run/boot2podman/problems; ls -A /tmp/tcloop; cat /usr/local/share/flagged'),
  ).toBe('flagged\n')
  expect(await machine.run('stat -c %F /usr/local/share/flagged /usr/local/share/listed')).toBe(
    'regular file\nregular empty file\n',
  )
  await machine.run('rm /mnt/vda/tce/copy2fs.flg')
  expect(await said(machine, 'tce-load -i carried')).toBe(
    'carried.tcz: OK\n  checked by the medium\ncode 0\n',
  )
  expect(await machine.run('readlink /usr/local/share/carried')).toBe(
    '/tmp/tcloop/carried/usr/local/share/carried\n',
  )
  await machine.run(`echo http://10.0.2.2:${server.port} | sudo tee /opt/tcemirror`)
  expect(await said(machine, 'tce-load -wi nothing')).toMatch(
    /^http:.*\/index\.sig: could not be fetched: .*\n {2}is the network up.*\ncode 1\n$/,
  )
})

/** A file that is there stays, unless it is said otherwise. */
async function overwriting(machine: Machine): Promise<void> {
  await machine.run('sudo sh -c "echo mine >/usr/local/share/words"')
  const loaded = async (options: string, text: string, kind: string) => {
    expect(await said(machine, `tce-load ${options} >/dev/null 2>&1`)).toBe('code 0\n')
    expect(await machine.run('cd /usr/local/share; cat words; stat -c %F words')).toBe(`${text}\n${kind}\n`)
  }
  await loaded('-wil kept', 'mine', 'regular file')
  expect(await machine.run('readlink /usr/local/share/kept')).toBe('/tmp/tcloop/kept/usr/local/share/kept\n')
  await loaded('-wilf forced', 'of forced', 'symbolic link')
  // Over the link, not through it into what is only to be read.
  await loaded('-wilcf forced-copy', 'of forced-copy', 'regular file')
  expect(await machine.run('cat /tmp/tcloop/forced/usr/local/share/words')).toBe('of forced\n')
}

async function anotherFolder(machine: Machine): Promise<void> {
  expect(await said(machine, 'tce-load -wi -t /nowhere elsewhere')).toMatch(
    /^\/nowhere: is no folder for extensions\n.*\ncode 1\n$/,
  )
  await machine.run('mkdir /tmp/other')
  expect(await said(machine, 'cd /tmp; tce-load -wis -t other elsewhere >/dev/null 2>&1')).toBe('code 0\n')
  expect(
    await machine.run(
      'cd /tmp; cat /usr/local/share/elsewhere other/onboot.lst; ls other/optional | head -n 1',
    ),
  ).toBe('elsewhere\nelsewhere.tcz\nelsewhere.tcz\n')
  expect(
    await machine.run('ls -A /mnt/vda/tce /mnt/vda/tce/optional | grep -e elsewhere -e onboot || true'),
  ).toBe('')
  expect(
    await said(
      machine,
      'cd /tmp; tce-load -wos -t other called >/dev/null 2>&1; cd; /tmp/other/ondemand/called',
    ),
  ).toBe('called\ncode 0\n')
}

/** In another language than C an extension brings its -locale along, if that lies beside it: once, and before it. */
async function locales(machine: Machine): Promise<void> {
  const fetched = ['speaks', 'sings', 'hums'].flatMap((name) => [name, `${name}-locale`]).join(' ')
  expect(await said(machine, `tce-load -ws ${fetched} >/dev/null 2>&1`)).toBe('code 0\n')
  const load = async (language: string, name: string) =>
    (await said(machine, `LANG=${language} tce-load -i ${name}`)).match(/^\S+\.tcz: OK|^code.*/gm)
  expect(await load('de_DE.UTF-8', 'speaks')).toEqual(['speaks-locale.tcz: OK', 'speaks.tcz: OK', 'code 0'])
  expect(await load('C.UTF-8', 'hums')).toEqual(['hums.tcz: OK', 'code 0'])
  expect(await load('de_DE.UTF-8', 'sings-locale')).toEqual(['sings-locale.tcz: OK', 'code 0'])
  expect(await load('de_DE.UTF-8', 'sings')).toEqual(['sings.tcz: OK', 'code 0'])
  expect(await machine.run('grep -c /tmp/tcloop/sings-locale /proc/mounts')).toBe('1\n')
}

/** Those that copy2fs.lst names are copied, and only those. */
async function copies(machine: Machine): Promise<void> {
  await machine.run('echo "something listed" >/mnt/vda/tce/copy2fs.lst')
  expect(await said(machine, 'tce-load -wils flagged >/dev/null 2>&1')).toBe('code 0\n')
  expect(await machine.run('stat -c %F /usr/local/share/flagged /usr/local/share/listed')).toBe(
    'symbolic link\nregular empty file\n',
  )
  await machine.run('rm /mnt/vda/tce/copy2fs.lst')
}

/** What somebody deleted, and a .dep file that is not the mirror's. */
async function missingNeeds(machine: Machine): Promise<void> {
  await machine.run('tce-load -ws needy >/dev/null 2>&1; rm /mnt/vda/tce/optional/lib.tcz')
  expect(await machine.run('tce-audit auditall')).toBe('For needy.tcz lib.tcz is missing!\n')
  expect(await said(machine, 'tce-audit fetchmissing 2>&1 | grep OK; tce-audit auditall')).toBe(
    'lib.tcz.dep OK\nlib.tcz: OK\ncode 0\n',
  )
  await machine.run('echo absent.tcz >>/mnt/vda/tce/optional/needy.tcz.dep')
  expect(await said(machine, 'tce-audit fetchmissing')).toBe('absent.tcz not found!\ncode 1\n')
  expect(
    await said(
      machine,
      'tce-audit updatedeps && cat /mnt/vda/tce/optional/needy.tcz.dep && tce-audit auditall',
    ),
  ).toBe('lib.tcz\ncode 0\n')
}

/** There was room when it began. What came is kept, and used when there is room again. */
async function diskFills(machine: Machine, server: Mirror): Promise<void> {
  await server.add('enormous', { 'usr/local/share/enormous': randomBytes(30_000_000) })
  await server.publish()
  const text = await said(
    machine,
    `cd /mnt/vda; sudo fallocate -l 45M most; tce-load -wis enormous & until [ -s tce/optional/enormous.tcz.part ]; do sleep 0.1; done
sudo dd if=/dev/zero of=rest bs=64k 2>/dev/null; wait $!`,
  )
  expect(text).toMatch(
    /^\/etc\/sysconfig\/tcedir\/optional: became full: enormous\.tcz lacks \d+ MB, 0 MB are free\n.*\nError on enormous\.tcz\ncode 1\n$/m,
  )
  await machine.run('sudo rm /mnt/vda/most /mnt/vda/rest')
  expect(await said(machine, 'tce-load -wils enormous >/dev/null 2>&1')).toBe('code 0\n')
  const [first, ...more] = server.asked.filter((line) => line.startsWith(`${server.path}/enormous.tcz `))
  expect(first).toMatch(/ 0$/)
  expect(more.at(-1)).toMatch(/ [1-9]\d*$/)
}

/** The medium with one more extension in its cde, which its onboot.lst does not name. */
async function mediumWith(server: Mirror, name: string) {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-medium-'))
  const file = join(folder, 'medium.iso')
  const add = ['-map', join(server.folder, `${name}.tcz`), `/cde/optional/${name}.tcz`]
  await run('xorriso', ['-indev', inject('iso'), '-outdev', file, '-boot_image', 'any', 'replay', ...add])
  return {
    medium: { file, as: 'ide-cd' as const },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
