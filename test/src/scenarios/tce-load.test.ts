import { randomBytes } from 'node:crypto'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { withBootCodes } from '../boot-codes.ts'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'
import { type Mirror, mirror } from '../mirror.ts'
import { pushed } from '../oci-image.ts'
import { said } from '../said.ts'
import { online } from './online.ts'

const script = (text: string) => `#!/bin/sh\n${text}\n`

async function fill(server: Mirror): Promise<void> {
  await server.add('libhello', { 'usr/local/share/hello/words': 'hello from the library\n' })
  await server.add(
    'hello',
    {
      'usr/local/bin/hello': script('cat /usr/local/share/hello/words'),
      'usr/local/tce.installed/hello': script('echo configured >/etc/hello.conf'),
    },
    ['libhello'],
  )
  await server.add('copied', { 'usr/local/bin/copied': script('echo copied') })
  await server.add('forgotten', { 'usr/local/bin/forgotten': script('echo forgotten') })
  await server.add('later', { 'usr/local/bin/later': script('echo later') })
  await server.add('meta', {}, ['copied'])
  await server.add('round', { 'usr/local/share/round': 'round\n' }, ['about'])
  await server.add('about', { 'usr/local/share/about': 'about\n' }, ['round'])
  await server.add('large', { 'usr/local/share/large': randomBytes(3_000_000) }, ['libhello'])
  await server.add('enormous', { 'usr/local/share/enormous': randomBytes(90_000_000) })
}

test('extensions from a mirror: fetched, checked, loaded, and again after the next boot', async () => {
  await using server = await mirror()
  await fill(server)
  let version = await server.publish()
  await using data = await dataDisk(100)
  {
    await using machine = await boot({ disks: [data.disk] })
    const tcedir = '/mnt/vda/tce'
    expect(
      await machine.run('readlink /etc/sysconfig/tcedir; stat -c "%U:%G %a" /mnt/vda/tce/optional'),
    ).toBe(`${tcedir}\ntc:staff 775\n`)

    await usage(machine)
    expect(await said(machine, 'tce-load -w hello')).toContain('/opt/tcemirror: names no mirror\n')
    await online(machine)
    await machine.run(`echo http://10.0.2.2:${server.port} | sudo tee /opt/tcemirror`)

    // Fetched, loaded, and to be loaded at boot.
    const first = await said(machine, 'tce-load -wi hello')
    expect(first).toMatch(/code 0\n$/)
    expect(first.indexOf('libhello.tcz: OK')).toBeLessThan(first.indexOf('\nhello.tcz: OK'))
    for (const line of ['hello.tcz.dep OK', 'Downloading: hello.tcz']) expect(first).toContain(`${line}\n`)
    expect(await machine.run('hello; cat /etc/hello.conf; readlink $(which hello); cat /tmp/appserr')).toBe(
      'hello from the library\nconfigured\n/tmp/tcloop/hello/usr/local/bin/hello\n0\n',
    )
    expect(await machine.run(`cat ${tcedir}/onboot.lst; ls ${tcedir}/optional | cat`)).toBe(
      'hello.tcz\n' +
        ['hello.tcz', 'libhello.tcz']
          .flatMap((one) => ['', '.dep', '.md5.txt', '.sha256'].map((more) => `${one}${more}\n`))
          .join(''),
    )
    expect(await said(machine, 'tce-load -wi hello.tcz')).toBe('hello is already installed!\ncode 0\n')
    // Folders of the system keep whose they were.
    expect(await machine.run('stat -c "%U:%G %a" /usr/local/tce.installed')).toBe('root:staff 775\n')

    version = await questions(machine, server)

    // Fetched only; then loaded, without the network's help, as copies.
    expect(await said(machine, 'tce-load -w meta')).toMatch(/\nmeta.tcz: OK\ncode 0\n$/)
    expect(await said(machine, 'tce-load -w meta')).toBe('meta is already downloaded.\ncode 0\n')
    expect(await said(machine, 'tce-load -ic meta')).toBe(
      [
        ...['copied', 'meta'].map(
          (one) => `${one}.tcz: OK\n  checked by the signed index, version ${version}\n`,
        ),
        'code 0\n',
      ].join(''),
    )
    expect(await machine.run('copied; readlink $(which copied) || true')).toBe('copied\n')
    expect(await machine.run('ls -A /tmp/tcloop | cat')).toBe('hello\nlibhello\n')

    expect(await said(machine, 'tce-load -wil round')).toMatch(
      /Warning loop dependency: round.tcz\n[\s\S]*code 0\n$/,
    )
    expect(await machine.run('cat /usr/local/share/about /usr/local/share/round')).toBe('about\nround\n')
    expect(await said(machine, 'tce-load -ws nothing')).toBe('nothing.tcz not found!\ncode 1\n')
    expect(await said(machine, 'tce-load -is nothing')).toBe('nothing.tcz not found!\ncode 1\n')

    await cutDownload(machine, server)
    await fullDisk(machine)
    await ownFile(machine)
    await badMirror(machine, server, version)
    await audit(machine)
    await kernelModule(machine, server)
    await update(machine, server)
    await onDemand(machine)

    await machine.run(`echo copied.tcz >>${tcedir}/onboot.lst; echo gone.tcz >>${tcedir}/onboot.lst
echo copied >${tcedir}/copy2fs.lst; echo forgotten.tcz >>${tcedir}/onboot.lst
echo x >>${tcedir}/optional/forgotten.tcz`)
    await machine.shutDown()
  }
  {
    const direct = await withBootCodes('tce=LABEL=boot2podman-data/tce nfsmount=10.0.2.2:/tce tftplist=a')
    await using machine = await boot({ direct, disks: [data.disk] })
    expect(await machine.run('hello; cat /etc/hello.conf; copied; ls -A /tmp/tcloop | cat')).toBe(
      'a newer hello from another library\nconfigured anew\ncopied\nextra\nhello\nlibhello\n',
    )
    // What was marked went at the shutdown, and nothing of it is left.
    expect(await machine.run('ls -A /mnt/vda/tce/optional | grep -E "large|upgrade|part" || true')).toBe('')
    expect(await machine.run('tce-audit md5check | tail -n 1')).toBe('FAIL: forgotten.tcz.sha256\n')
    expect(await said(machine, 'tce-load -is round && cat /usr/local/share/about')).toMatch(
      /about\ncode 0\n$/,
    )
    const told = await machine.run('cat /run/boot2podman/problems')
    expect(told).toContain('nfsmount=10.0.2.2:/tce: extensions are not loaded over the network at boot\n')
    expect(told).toContain('gone.tcz: is not in /etc/sysconfig/tcedir/optional\n')
    expect(told).toContain('Error on forgotten.tcz: it is not what forgotten.tcz.sha256 beside it says\n')
    expect(await machine.run('b2p-status')).toMatch(/^ +5 from \/mnt\/vda\/tce$/m)
    await machine.run('echo meta >/mnt/vda/tce/short.lst')
    await machine.shutDown()
  }
  {
    const direct = await withBootCodes('lst=short.lst')
    await using machine = await boot({ direct, disks: [data.disk] })
    expect(await machine.run('copied; command -v hello || cat /run/boot2podman/problems')).toBe('copied\n')
    await machine.shutDown()
  }
  {
    const direct = await withBootCodes('base tce=vdz')
    await using machine = await boot({ direct, disks: [data.disk] })
    expect(await machine.run('command -v hello || cat /run/boot2podman/problems')).toMatch(
      /^tce=vdz: there is no such disk\n.*\n$/,
    )
  }
})

/** A module of the kernel's under a name that it does not have here, in Tiny Core's place for modules. */
async function kernelModule(machine: Machine, server: Mirror): Promise<void> {
  const release = (await machine.run('uname -r')).trim()
  const modules = join(import.meta.dirname, '../../../dist/tcz/modules.tcz')
  const path = `usr/lib/modules/${release}/kernel/drivers/net/dummy.ko`
  const folder = join(server.folder, 'modules')
  await run('unsquashfs', ['-quiet', '-no-progress', '-dest', folder, modules, path])
  await server.add(`own-${release}`, {
    [`usr/local/lib/modules/${release}/own.ko`]: await readFile(join(folder, path)),
  })
  await server.publish()
  expect(await said(machine, 'tce-load -wils own-KERNEL >/dev/null')).toMatch(/code 0\n$/)
  expect(await machine.run('sudo modprobe own && grep -c ^dummy /proc/modules')).toBe('1\n')
}

async function audit(machine: Machine): Promise<void> {
  expect(await machine.run('tce-audit dependson large; tce-audit requiredby libhello')).toBe(
    'Has the following dependencies:\nlibhello.tcz\nhello.tcz\nlarge.tcz\n',
  )
  expect(await machine.run('tce-audit notrequired; tce-audit auditall; tce-audit md5check')).toBe(
    `The following are NOT required by any other extensions:
${['forgotten', 'hello', 'large', 'late', 'meta'].map((name) => `${name}.tcz\n`).join('')}OK: all checksums are correct
`,
  )
  expect(await said(machine, 'tce-audit delete libhello')).toBe(
    'hello.tcz\nlarge.tcz\nlibhello.tcz cannot be deleted.\ncode 1\n',
  )
  // Not libhello, which hello needs too.
  expect(await said(machine, 'tce-audit delete large; tce-audit marked')).toBe(
    '/etc/sysconfig/tcedir/optional/large.tcz\n/etc/sysconfig/tcedir/optional/large.tcz\ncode 0\n',
  )
}

/** Loaded by its first call, out of what was fetched before. */
async function onDemand(machine: Machine): Promise<void> {
  expect(await said(machine, 'tce-load -wos later >/dev/null 2>&1; ls /tmp/tcloop | grep later')).toBe(
    'code 1\n',
  )
  expect(await machine.run('sh -lc later; ls /tmp/tcloop | grep later')).toBe('later\nlater\n')
}

/** Newer files are used from the next boot on, with what they newly need. */
async function update(machine: Machine, server: Mirror): Promise<void> {
  expect(await said(machine, 'tce-update list')).toBe('code 0\n')
  await server.add('extra', { 'usr/local/share/extra': 'another library' })
  await server.add(
    'hello',
    {
      'usr/local/bin/hello': script('echo "a newer hello from $(cat /usr/local/share/extra)"'),
      'usr/local/tce.installed/hello': script('echo configured anew >/etc/hello.conf'),
    },
    ['libhello', 'extra'],
  )
  await server.publish()
  expect(await said(machine, 'tce-update query')).toBe('hello.tcz\ncode 0\n')
  expect(await said(machine, 'echo y | tce-update')).toMatch(
    /They are used from the next boot on.\ncode 0\n$/,
  )
  expect(
    await machine.run('hello; tce-update list; ls -A /etc/sysconfig/tcedir/optional/upgrade | cat'),
  ).toBe('hello from the library\nhello.tcz\nhello.tcz.dep\nhello.tcz.md5.txt\nhello.tcz.sha256\n')
}

/** Tiny Core's other tools, which ask the mirror. */
async function questions(machine: Machine, server: Mirror): Promise<number> {
  await Promise.all([
    writeFile(join(server.folder, 'tags.db'), 'hello.tcz\tgreeting words\nlibhello.tcz\tlibrary\n'),
    writeFile(join(server.folder, 'sizelist'), 'hello.tcz 4096\nlibhello.tcz 8192\nlarge.tcz 1048576\n'),
    writeFile(
      join(server.folder, 'provides.db'),
      'hello.tcz\nusr/local/bin/hello\n\nlibhello.tcz\nusr/local/share/hello/words\n\n',
    ),
    writeFile(
      join(server.folder, 'dep.db'),
      'hello.tcz\nlibhello.tcz\n\nlarge.tcz\nlibhello.tcz\n\nlibhello.tcz\n\n',
    ),
    writeFile(join(server.folder, 'hello.tcz.info'), 'Title:          hello.tcz\n'),
    writeFile(join(server.folder, '../../../latest-x86_64'), '99.1.2\n'),
  ])
  const databases = ['tags.db', 'sizelist', 'provides.db', 'dep.db']
  await run('gzip', ['-kn', ...databases], { cwd: server.folder })
  const version = await server.publish()

  expect(await machine.run('search.sh ^HEL; search.sh -t library')).toBe('hello.tcz\nlibhello.tcz\n')
  expect(await machine.run("provides.sh 'bin/hello$'; provides.sh -f words")).toBe(
    'hello.tcz\nlibhello.tcz\n   usr/local/share/hello/words\n',
  )
  expect(await machine.run('depends-on.sh libhello; depends-on.sh -f bhel')).toBe(
    'hello.tcz\nlarge.tcz\nhello.tcz\nlarge.tcz\n',
  )
  const sizes = (await machine.run('tce-size large')).split('\n').map((line) => line.trim().split(/\s{2,}/))
  expect(sizes).toEqual([
    ['bytes', 'MB'],
    ['large.tcz', '1048576', '1.00 +'],
    ['libhello.tcz', '8192', '0.01'],
    ['in all', '1056768', '1.01'],
    ['+ to be fetched', '1048576', '1.00'],
    [''],
  ])
  expect(await said(machine, 'tce-size nothing')).toBe('nothing.tcz not found!\ncode 1\n')
  expect(await said(machine, 'tce-fetch.sh -O hello.tcz.info')).toBe(
    'hello.tcz.info: no signature speaks for it\nTitle:          hello.tcz\ncode 0\n',
  )
  expect(
    await machine.run('cd /tmp && tce-fetch.sh info.lst || tce-fetch.sh hello.tcz.dep && cat hello.tcz.dep'),
  ).toContain('libhello.tcz\n')
  expect(await machine.run('tce-status -i | grep hello; tce-status -u; tce-status -o')).toBe(
    'hello\nlibhello\n',
  )
  expect(await machine.run('version; version -s; version -m; version -c')).toMatch(
    /^boot2podman (\d+\.\d+)\.\d+\n\1\.\d+\n\1\nThis is version \1\.\d+; the latest is 99\.1\.2\n$/,
  )
  return version
}

async function usage(machine: Machine): Promise<void> {
  for (const words of ['', '-i', 'hello', '-x hello', '-c hello']) {
    expect(await said(machine, `tce-load ${words}`)).toMatch(/Usage: tce-load [\s\S]*code 2\n$/)
  }
  expect(await said(machine, 'sudo tce-load -i hello')).toBe("Don't run this as root.\ncode 1\n")
}

/** What came is kept, also when nothing more comes; the rest is asked for. */
async function cutDownload(machine: Machine, server: Mirror): Promise<void> {
  const file = `${server.path}/large.tcz`
  server.cut.set(file, 1_000_000)
  expect(await said(machine, 'tce-load -wils large >/dev/null')).toMatch(/code 0\n$/)
  const asked = server.asked.filter((line) => line.startsWith(`${file} `))
  expect(asked.slice(0, 2)).toEqual([`${file} 0`, `${file} 1000000`])
  expect(await machine.run('stat -c %s /usr/local/share/large; stat -Lc %s /usr/local/share/large')).toMatch(
    /\n3000000\n$/,
  )
}

async function fullDisk(machine: Machine): Promise<void> {
  expect(await said(machine, 'tce-load -wi enormous')).toMatch(
    /^\/etc\/sysconfig\/tcedir\/optional: has no room for enormous: \d+ MB are needed, \d+ MB are free\n[\s\S]*code 1\n$/m,
  )
  expect(await machine.run('ls /etc/sysconfig/tcedir/optional | grep -c enormous.tcz$ || true')).toBe('0\n')
}

/** A file of one's own, outside of tcedir: with a checksum beside it, or not at all. */
async function ownFile(machine: Machine): Promise<void> {
  await machine.run(
    'tce-load -ws forgotten && mkdir /tmp/own && cp /etc/sysconfig/tcedir/optional/forgotten.tcz /tmp/own/mine.tcz',
  )
  expect(await said(machine, 'tce-load -i /tmp/own/mine.tcz')).toContain(
    'Error on mine.tcz: no signed index names it, and no checksum lies beside it\n',
  )
  await machine.run('cd /tmp/own && sha256sum mine.tcz >mine.tcz.sha256')
  expect(await said(machine, 'tce-load -i /tmp/own/mine.tcz')).toBe(
    'mine.tcz: OK\n  checked by mine.tcz.sha256 beside it; no signature\ncode 0\n',
  )
  expect(await machine.run('forgotten')).toBe('forgotten\n')
}

/** Nothing of these is taken. */
async function badMirror(machine: Machine, server: Mirror, version: number): Promise<void> {
  const refused = async (what: RegExp) => {
    const text = await said(machine, 'tce-load -wi late')
    expect(text).toMatch(what)
    expect(text).toMatch(/code 1\n$/)
    expect(await machine.run('ls /etc/sysconfig/tcedir/optional | grep late | grep -v dep || true')).toBe('')
  }
  await server.add('late', { 'usr/local/bin/late': script('echo late') })
  const index = join(server.folder, 'index')

  await server.publish()
  await writeFile(index, (await readFile(index, 'utf8')).replace(/ late\.tcz$/m, ' latf.tcz'))
  await refused(/its signature is not of a key that this image trusts/)

  await server.publish({ version: version - 10 })
  await refused(new RegExp(`is of version ${version - 10}, and version ${version} was seen already`))

  await server.publish({ expires: new Date('2020-01-02T03:04:05Z') })
  await refused(/expired at 2020-01-02T03:04:05Z, the clock says 20/)

  // Mixed: the extension is another one than that of the index.
  await server.publish()
  await copyFile(join(server.folder, 'late.tcz'), join(server.folder, 'right.tcz'))
  const wrong = await readFile(join(server.folder, 'late.tcz'))
  wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1
  await writeFile(join(server.folder, 'late.tcz'), wrong)
  await refused(/late.tcz: is not the file that the signed index names[\s\S]*Error on late.tcz\n/)

  // A clock that is years behind.
  await machine.run('sudo sv stop /etc/service/ntpd; sudo date -s 2020-01-01')
  await refused(/the clock says 2020-01-01T00:0\d:\d\dZ, which is before this index was made/)
  await machine.run(`sudo date -s @${Math.floor(Date.now() / 1000)}`)

  await copyFile(join(server.folder, 'right.tcz'), join(server.folder, 'late.tcz'))
  // The beginning of another one is no use.
  await machine.run('echo old >/etc/sysconfig/tcedir/optional/late.tcz.part')
  expect(await said(machine, 'tce-load -wil late && late')).toMatch(/\nlate\ncode 0\n$/)
}

test('a container of a user without privileges loads extensions as copies', async () => {
  await using server = await mirror()
  await fill(server)
  await server.publish()
  const image = await pushed('tce-container')
  await using machine = await boot({ memory: 1024 })
  const options =
    '--rm --tls-verify=false --user tc -v /usr/local/share/boot2podman:/usr/local/share/boot2podman:ro'
  const script = `echo http://10.0.2.2:${server.port} | sudo tee /opt/tcemirror >/dev/null
tce-load -wics hello >/dev/null && hello && cat /etc/hello.conf && ls -A /tmp/tcloop && tce-status -u
tce-load -wi large`
  const text = await said(machine, `podman run ${options} ${image} sh -c '${script}'`)
  expect(text).toMatch(/^hello from the library\nconfigured\n/m)
  expect(text).toMatch(/large.tcz: could not be mounted\n.*tce-load -ic.*\ncode 1\n$/)
})
