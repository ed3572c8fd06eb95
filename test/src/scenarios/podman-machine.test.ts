import { copyFile, mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, Qmp } from '@boot2podman/qemu'
import { afterAll, beforeEach, expect, inject, test } from 'vitest'
import { podmanMachine } from '../podman-machine.ts'

// One machine from its creation to its end: each test goes on with what the one before left.
const tool = await podmanMachine()
afterAll(() => tool[Symbol.asyncDispose]())
beforeEach(() => tool.tellOnFailure('box'))

const port = await freePort()
const shared = join(tool.home, 'shared')
const IN_A_SHELL = 'eval "$(podman-machine env box)"; '
const TINY =
  'mkdir -p /tmp/tiny/bin && cp "$(readlink -f "$(command -v busybox)")" /tmp/tiny/bin/busybox && ' +
  'tar -C /tmp/tiny -cf /tmp/tiny.tar . && sudo podman import -q /tmp/tiny.tar localhost/tiny && rm /tmp/tiny.tar'

test('create tells each phase with its share, and the machine is there', async () => {
  await mkdir(shared)
  await writeFile(join(shared, 'here'), 'from the host\n')
  const options = ['--memory', '512', '--publish', `${port}:8080`, '--volume', `${shared}:/shared`]
  const created = await tool.ok('create', '--qemu-boot2podman-url', inject('iso'), ...options, 'box')
  expect(created).toMatch(/^\(box\) getting the ISO \.\.\.\n\(box\) making the keys/)
  expect(created).toMatch(/"box" is ready after:\n( {2}.* s +\d+ %\n)+ {2}all .* 100 %\n/)
  console.log(created.slice(created.indexOf('"box" is ready')))
  await tool.emulated('box')
  expect(await tool.ok('ls')).toBe(
    'NAME   ACTIVE   DRIVER   STATE     URL               ERRORS\n' +
      'box    -        qemu     Running   tcp://127.0.0.1   \n',
  )
  expect(await tool.ok('ip')).toBe('127.0.0.1\n')
  expect(await tool.ok('ssh', 'box', 'hostname')).toBe('box\n')
  const again = await tool.outcome('create', 'box')
  expect(again).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Podman machine "box" already exists'),
  })
})

test('podman --remote, docker and varlink, in a shell that took env', async () => {
  await tool.ok('ssh', 'box', TINY)
  const run = 'run --rm localhost/tiny /bin/busybox echo hello'
  expect(await tool.bash(`${IN_A_SHELL} podman --remote ${run}`)).toContain('hello\n')
  expect(await tool.bash(`${IN_A_SHELL} docker ${run}`)).toBe('hello\n')
  expect(await tool.bash(`podman --remote --connection box ${run}`)).toContain('hello\n')
  // A client keeps its end open until it has its answer.
  const bridge = [
    'eval "$(podman-machine env --varlink box)"',
    'coproc BRIDGE { sh -c "$PODMAN_VARLINK_BRIDGE"; }',
    `printf '{"method":"org.varlink.service.GetInfo"}\\0' >&"\${BRIDGE[1]}"`,
    `IFS= read -r -d '' answer <&"\${BRIDGE[0]}"`,
    'echo "$answer"; kill "$BRIDGE_PID"',
  ]
  expect(await tool.bash(bridge.join('\n'))).toContain('"io.podman"')
  expect(await tool.bash(`${IN_A_SHELL} podman-machine active`)).toBe('box\n')
})

test('ssh hands on the exit code; files go both ways, by scp, by sshfs and by a shared folder', async () => {
  expect((await tool.outcome('ssh', 'box', 'exit 7')).code).toBe(7)
  const here = join(tool.home, 'file')
  await writeFile(here, Buffer.alloc(1_000_000, 'boot2podman'))
  await tool.ok('scp', '-q', here, 'box:there')
  await tool.ok('scp', '-q', 'box:there', `${here}.back`)
  expect((await readFile(`${here}.back`)).equals(await readFile(here))).toBe(true)

  expect(
    await tool.ok(
      'ssh',
      'box',
      'cat /shared/here; echo from the machine | sudo tee /shared/there >/dev/null',
    ),
  ).toBe('from the host\n')
  expect(await readFile(join(shared, 'there'), 'utf8')).toBe('from the machine\n')

  const mounted = join(tool.home, 'mounted')
  await mkdir(mounted)
  await tool.ok('mount', 'box:/home/tc', mounted)
  try {
    await writeFile(join(mounted, 'by-sshfs'), 'mounted\n')
    expect(await tool.ok('ssh', 'box', 'cat by-sshfs')).toBe('mounted\n')
  } finally {
    await tool.ok('mount', '-u', 'box:/home/tc', mounted)
  }
})

test('a published port is open on 127.0.0.1, and nowhere else', async () => {
  await tool.ok(
    'ssh',
    'box',
    "sudo podman run -d --name web -p 8080:80 localhost/tiny /bin/busybox sh -c '/bin/busybox mkdir /www; echo hello >/www/index.html; exec /bin/busybox httpd -f -h /www' >/dev/null",
  )
  const url = `http://127.0.0.1:${port}/index.html`
  await expect.poll(() => fetch(url).then((answer) => answer.text()), { timeout: 30_000 }).toBe('hello\n')
  const { SSHPort } = await tool.settings('box')
  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal }) => !internal)
  for (const { address } of others) {
    for (const one of [port, SSHPort]) expect(await isOpen(address, one), `${address} ${one}`).toBe(false)
  }
  expect(await isOpen('127.0.0.1', SSHPort)).toBe(true)
  await tool.ok('ssh', 'box', 'sudo podman rm -f -t 0 web >/dev/null')
})

test('the clock is right again after the computer slept', async () => {
  const qmp = await Qmp.open(tool.machineFile('box', 'monitor'))
  await qmp.execute('stop')
  qmp.close()
  expect(await tool.ok('status', 'box')).toBe('Paused\n')
  await sleep(8000)
  const again = await Qmp.open(tool.machineFile('box', 'monitor'))
  await again.execute('cont')
  again.close()
  const behind = async () => Math.abs(Number(await tool.ok('ssh', 'box', 'date +%s')) - Date.now() / 1000)
  await expect.poll(behind, { timeout: 30_000 }).toBeLessThan(3)
})

test('stopped and started again it is the same one; memory, processors and disk may be others', async () => {
  await tool.ok('ssh', 'box', 'echo kept | sudo tee /var/lib/boot2podman/kept >/dev/null')
  const hostKeys = await readFile(tool.machineFile('box', 'known_hosts'), 'utf8')
  expect(await tool.ok('set', '--memory', '640', '--cpus', '2', '--disk-size', '30000', 'box')).toContain(
    'it counts after podman-machine restart box',
  )
  await tool.ok('stop', 'box')
  expect(await tool.ok('status', 'box')).toBe('Stopped\n')
  expect(await tool.outcome('stop', 'box')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Machine "box" is already stopped.'),
  })
  expect(await tool.outcome('ssh', 'box', 'true')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Cannot run SSH command: Host "box" is not running'),
  })
  // Somebody else has its port by now.
  await tool.ok('start', 'box')
  const look =
    'cat /var/lib/boot2podman/kept; sudo podman image exists localhost/tiny && echo image; nproc; ' +
    "awk '/^MemTotal/ { print ($2 > 550000) }' /proc/meminfo; df -k /var/lib/containers | awk 'END { print ($2 > 25000000) }'; cat /shared/here"
  expect(await tool.ok('ssh', 'box', look)).toBe('kept\nimage\n2\n1\n1\nfrom the host\n')
  expect(await readFile(tool.machineFile('box', 'known_hosts'), 'utf8')).toBe(hostKeys)
  expect(await tool.ok('logs', '-n', '5', 'box')).toContain('tc@box')
})

test('another ISO and back; from a broken one it goes back by itself', async () => {
  // The same to boot, another by its checksum.
  const other = join(tool.home, 'other.iso')
  await copyFile(inject('iso'), other)
  const handle = await open(other, 'a')
  await handle.write(Buffer.alloc(2048))
  await handle.close()
  const first = (await tool.settings('box')).ISO
  const upgraded = await tool.ok('upgrade', '--boot2podman-url', other, 'box')
  expect(upgraded).toContain(`it has boot2podman `)
  const second = (await tool.settings('box')).ISO
  expect(second.SHA256).not.toBe(first.SHA256)
  expect(await tool.ok('ssh', 'box', 'cat /var/lib/boot2podman/kept')).toBe('kept\n')
  expect(await tool.ok('upgrade', 'box')).toContain('it has this ISO already')

  await tool.ok('upgrade', '--back', 'box')
  expect((await tool.settings('box')).ISO).toEqual(first)

  const broken = join(tool.home, 'broken.iso')
  await copyFile(inject('iso'), broken)
  const damage = await open(broken, 'r+')
  await damage.write(Buffer.alloc(2048), 0, 2048, 17 * 2048)
  await damage.close()
  const failed = await tool.outcome('upgrade', '--boot2podman-url', broken, 'box')
  expect(failed.code).toBe(1)
  expect(failed.stdout).toContain('No bootable device.')
  expect(failed.stderr).toMatch(/"box" does not come up with .*: it has the one before again/)
  expect((await tool.settings('box')).ISO).toEqual(first)
  expect(await tool.ok('ssh', 'box', 'cat /var/lib/boot2podman/kept')).toBe('kept\n')
})

test('a second machine beside it, restarted while somebody stops it', async () => {
  await tool.ok('create', '--qemu-boot2podman-url', inject('iso'), '--memory', '256', 'two')
  expect(await tool.ok('ls', '--format', '{{.Name}} {{.State}}')).toBe('box Running\ntwo Running\n')
  expect(await tool.ok('ssh', 'two', 'hostname; ls /shared 2>&1 || true')).toMatch(/^two\n.*No such file/)
  const names = 'podman --remote info --format "{{.Host.Hostname}}"'
  expect(await tool.bash(`eval "$(podman-machine env two)"; ${names}; ${IN_A_SHELL} ${names}`)).toBe(
    'two\nbox\n',
  )
  const restarting = tool.outcome('restart', 'two')
  await sleep(1000)
  const stopping = await tool.outcome('stop', 'two')
  expect(stopping.stdout).toMatch(/waiting for another podman-machine \(pid \d+\) to be done with "two"/)
  expect([(await restarting).code, stopping.code]).toEqual([0, 0])
  expect(await tool.ok('status', 'two')).toBe('Stopped\n')
})

test('rm leaves nothing', async () => {
  const pid = (await readFile(tool.machineFile('box', 'qemu.pid'), 'utf8')).trim()
  await tool.ok('rm', '-y', 'box', 'two')
  expect(await tool.ok('ls', '-q')).toBe('')
  // Empty: it has ended, and init has not asked about it yet.
  expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('')
  expect(await tool.bash('podman system connection list --format "{{.Name}}"')).not.toMatch(/box|two/)
  expect((await tool.outcome('status', 'box')).stderr).toContain('Podman machine "box" does not exist.')
})

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.setTimeout(3000, () => done(false))
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
}
