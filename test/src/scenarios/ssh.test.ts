import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withBootCodes } from '../boot-codes.ts'
import { dataDisk } from '../data-disk.ts'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'
import { type Ssh, sshAccess } from '../ssh.ts'

let box: Ssh
beforeAll(async () => {
  box = await sshAccess()
})
afterAll(() => box[Symbol.asyncDispose]())

const problems = (machine: Machine) => machine.run('cat /run/boot2podman/problems 2>/dev/null; true')

test('with a key, and with nothing else', async () => {
  const keys = `${box.publicKey}\n\n# a remark\nssh-ed25519 not-base64 me\r\n${box.publicKey}\r\n`
  await using machine = await boot({
    ...box.spec,
    memory: 1024,
    fwCfg: { 'opt/boot2podman/authorized_keys': keys },
  })
  const keysOffered = await box.hostKeys()
  expect(Object.keys(keysOffered).sort()).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519', 'ssh-rsa'])

  // Who gets in: tc and root.
  expect(await box.ssh('tc', 'id -un')).toBe('tc\n')
  expect(await box.ssh('root', 'id -un')).toBe('root\n')
  expect(await box.ssh('tc', 'b2p-status')).toMatch(
    /keys that may log in as tc or root: [1-9][\s\S]* SHA256:\S+ \(ED25519\)\n/,
  )

  // When each part of the boot was over; the kernel's words of it are kept.
  const parts = (await box.ssh('tc', 'b2p-status --boot')).trim().split('\n')
  expect(parts.map((line) => line.replace(/^ *\d+\.\d\d s {2}/, '')).sort()).toEqual([
    'initramfs',
    'kernel',
    'layers',
    'network',
    'podman',
    'services',
    'settled',
    'ssh',
  ])
  expect(await box.ssh('tc', 'b2p-logs boot')).toMatch(/Linux version 6\./)

  // Lines that are the same count once; one that is no key is told, with its number.
  const written = (await box.ssh('tc', 'cat .ssh/authorized_keys')).split('\n')
  expect(written.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([box.publicKey])
  expect(await problems(machine)).toContain(
    'fw_cfg opt/boot2podman/authorized_keys:4: is no public key for SSH\n',
  )
  expect(await machine.run('stat -c "%a %U" ~/.ssh ~/.ssh/authorized_keys')).toBe('700 tc\n600 tc\n')
  expect(await machine.run('sudo stat -c "%a %U" /root/.ssh /root/.ssh/authorized_keys')).toBe(
    '700 root\n600 root\n',
  )

  // Who does not: with a password, without a key, with another key.
  const passwords = '-oPreferredAuthentications=password,keyboard-interactive'
  for (const user of ['tc', 'root', 'nobody']) {
    await expect(box.ssh(user, 'true', passwords, '-oBatchMode=no')).rejects.toThrow(
      /Permission denied \(publickey\)/,
    )
    await expect(box.ssh(user, 'true', '-oPubkeyAuthentication=no')).rejects.toThrow(
      /Permission denied \(publickey\)/,
    )
  }
  await using stranger = await sshAccess()
  await expect(stranger.ssh('root', 'true', `-oPort=${box.port}`)).rejects.toThrow(
    /Permission denied \(publickey\)/,
  )

  // A command has the folders of programs, and what containers without root need.
  expect(await box.ssh('tc', 'echo $PATH')).toBe('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin\n')
  expect(await box.ssh('root', 'echo $PATH')).toBe('/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin\n')
  const session = 'echo $XDG_RUNTIME_DIR; stat -c "%U %a" $XDG_RUNTIME_DIR; cat /proc/self/cgroup'
  expect(await box.ssh('tc', session)).toBe('/run/user/1001\ntc 700\n0::/user/1001/login\n')

  // Files.
  const local = join(box.folder, 'file')
  await writeFile(local, Buffer.alloc(1_000_000, 'boot2podman'))
  await box.scp(local, 'tc@box:there')
  await box.scp('tc@box:there', `${local}.back`)
  expect((await readFile(local)).equals(await readFile(`${local}.back`))).toBe(true)
  await box.sftp('root', `put ${local} /root/mine\nrename /root/mine /root/yours\n`)
  expect(await box.ssh('root', 'cksum </root/yours')).toBe(await box.ssh('tc', 'cksum <there'))

  // A socket of the machine, as podman --remote and docker use one.
  await machine.run('sudo socat UNIX-LISTEN:/run/x.sock,fork EXEC:cat >/dev/null 2>&1 &')
  expect(await box.throughSocket('root', '/run/x.sock', 'there and back\n')).toBe('there and back\n')

  // Containers of tc over plain ssh, with a limit.
  await tinyImage(machine)
  await box.ssh('tc', 'sudo podman save -q localhost/tiny | podman load -q')
  const limit = 'podman run --rm --network none --memory 64m localhost/tiny /bin/busybox cat'
  expect(await box.ssh('tc', `${limit} /sys/fs/cgroup/memory.max`)).toBe(`${64 * 1024 * 1024}\n`)

  // A host key that was half-written is replaced, and that is said; a public one is made again.
  const folder = '/var/lib/boot2podman/ssh'
  await machine.run(
    `sudo truncate -s 100 ${folder}/ssh_host_ecdsa_key && sudo rm ${folder}/ssh_host_rsa_key.pub && ` +
      'sudo sv -w 60 restart sshd >/dev/null && sudo sv -w 60 check sshd >/dev/null',
    { timeout: 120 },
  )
  const keysNow = await box.hostKeys()
  expect(keysNow).toEqual({ ...keysOffered, 'ecdsa-sha2-nistp256': expect.any(String) })
  expect(keysNow['ecdsa-sha2-nistp256']).not.toBe(keysOffered['ecdsa-sha2-nistp256'])
  expect(await problems(machine)).toContain(
    `${folder}/ssh_host_ecdsa_key: was damaged: the machine has a new one\n`,
  )
  expect(await machine.run(`sudo cat ${folder}/ssh_host_rsa_key.pub`)).toContain(keysOffered['ssh-rsa'])

  // Nothing else listens.
  const listening = await machine.run("netstat -ltnu | awk '/^(tc|ud)p/ { print $1, $4 }' | cat")
  expect(listening).toBe('tcp 0.0.0.0:22\ntcp :::22\n')
})

test('keys from the boot line and from the data disk; the machine stays the same one after a power cut', async () => {
  await using data = await dataDisk(64)
  await using other = await sshAccess()
  const spec = { disks: [data.disk], forward: box.spec.forward }
  const commas = box.publicKey.replaceAll(' ', ',')
  const codes = [`sshkey="${other.publicKey}"`, `sshkey=${commas}`, 'sshkey=nonsense']
  const first = await boot({ ...spec, direct: withBootCodes(...codes) })
  const keys = await box.hostKeys()
  expect(await box.ssh('tc', 'id -un')).toBe('tc\n')
  expect(await problems(first)).toContain('boot code sshkey=: is no public key for SSH\n')
  const kept = '/var/lib/boot2podman/ssh/authorized_keys'
  await first.run(`echo '${other.publicKey}' | sudo tee ${kept} >/dev/null && sudo sync`)
  await first.kill()

  await using second = await boot(spec)
  expect(await box.hostKeys()).toEqual(keys)
  await expect(box.ssh('tc', 'true')).rejects.toThrow(/Permission denied \(publickey\)/)
  expect(await other.ssh('tc', 'id -un', `-oPort=${box.port}`)).toBe('tc\n')
  expect(await problems(second)).not.toContain('key')
})
