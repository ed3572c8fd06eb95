import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Machine } from '@boot2podman/qemu'
import { expect, onTestFinished, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { sharedMachine } from '../machines.ts'

const FOLDER = '/etc/service'

/** Those that run all the time; one that ends when its work is done says so by a file. */
async function names(machine: Machine): Promise<string[]> {
  const lasting = `for i in ${FOLDER}/*; do [ -e $i/once ] || basename $i; done`
  return (await machine.run(lasting)).trim().split('\n')
}

/** Gives the machine a service for this test, with the log and the end that all have. */
async function addService(machine: Machine, name: string, run: string): Promise<void> {
  const made = `/run/${name}`
  const file = (path: string, text: string) =>
    `printf '%s\\n' '#!/bin/sh' '${text}' >${made}/${path} && chmod +x ${made}/${path}`
  const script = [
    `mkdir -p ${made}/log`,
    file('run', run),
    file('finish', `exec service-ended ${name} "$@"`),
    file('log/run', `exec service-log ${name}`),
    `mv ${made} ${FOLDER}/`,
  ].join(' && ')
  await asRoot(machine, script)
  // Out of the supervisor's sight first, or it is begun anew; its files go when none of it writes them any more.
  const gone = `/etc/${name}.gone`
  const end = [
    `mv ${FOLDER}/${name} ${gone}`,
    `sv -w 5 force-exit ${gone}`,
    `while pgrep -xf "runsv ${name}" >/dev/null; do sleep 0.2; done`,
    `rm -rf ${gone} /var/log/${name}`,
  ].join('; ')
  onTestFinished(() => asRoot(machine, end).then(() => {}))
}

async function asRoot(machine: Machine, script: string): Promise<string> {
  return await machine.run(`sudo sh -c '${script.replaceAll("'", `'\\''`)}'`)
}

const waitFor = (condition: string, tries = 60) =>
  `for i in $(seq ${tries}); do ${condition} && break; sleep 0.5; done; ${condition}`

test('every service runs, and has a log that its owner may read', async () => {
  const { machine } = await sharedMachine()
  // Who logs in at once is there before they are.
  await machine.run(waitFor("grep -q '^settled ' /run/boot2podman/phases", 200), { timeout: 110 })
  const services = await names(machine)
  expect(services).toEqual(expect.arrayContaining(['acpid', 'clock', 'klogd', 'ntpd', 'syslogd']))
  for (const name of services) {
    expect(await machine.run(`sudo sv status ${FOLDER}/${name}`)).toMatch(/^run: .*; run: log: /)
    await machine.run(`b2p-logs ${name}`)
  }
})

test('a service that is killed is back within two seconds', async () => {
  const { machine } = await sharedMachine()
  for (const name of await names(machine)) {
    const stats = await asRoot(
      machine,
      `cd ${FOLDER}/${name}; read before <supervise/pid; kill -9 $before; read from _ </proc/uptime
       for i in $(seq 1000); do
         pid=; read pid <supervise/pid && [ "$pid" != $before ] && read state <supervise/stat && [ "$state" = run ] && break
         sleep 0.01
       done
       read to _ </proc/uptime; echo $before $pid $from $to`,
    )
    const [before, now, from, to] = stats.trim().split(' ').map(Number)
    expect(now, name).not.toBe(before)
    expect(Number(to) - Number(from), name).toBeLessThan(2)
  }
})

test('one that dies at once five times is held and named, until its owner starts it', async () => {
  const { machine } = await sharedMachine()
  await addService(machine, 'quitter', 'echo begins; exit 7')
  await machine.run(waitFor('[ -e /run/boot2podman/failed/quitter ]'))
  expect(await machine.run('cat /run/boot2podman/failed/quitter')).toMatch(
    /^exit code 7, \d{4}-\d\d-\d\dT[\d:]+Z\n$/,
  )
  expect(await machine.run('cat /run/boot2podman/problems')).toContain(
    'quitter: died five times at once (exit code 7), and is held\n' +
      '  b2p-logs quitter shows why; to start it: sudo service quitter start\n',
  )
  await machine.run(waitFor('b2p-logs quitter | grep -q held:'))
  expect(await machine.run('b2p-logs quitter | grep -c begins')).toBe('5\n')
  await expect(machine.run('sudo service quitter status')).rejects.toMatchObject({
    exitCode: 3,
    stdout: expect.stringMatching(/^quitter is held, because it died five times at once: exit code 7, /),
  })

  await asRoot(machine, `sed -i "s/exit 7/exec sleep 10000/" ${FOLDER}/quitter/run`)
  await machine.run('sudo service quitter start')
  expect(await machine.run('sudo service quitter status')).toMatch(/^quitter runs \(pid \d+\)/)
  expect(await machine.run('cat /run/boot2podman/problems')).not.toContain('quitter')
  await machine.run('[ ! -e /run/boot2podman/failed/quitter ]')
})

test('the front that Tiny Core has: start, stop, status, restart', async () => {
  const { machine } = await sharedMachine()
  const front = '/usr/local/etc/init.d/acpid'
  const ask = `sudo ${front}`
  expect(await machine.run(`${ask} status`)).toMatch(/^acpid runs \(pid \d+\)/)
  await machine.run(`${ask} stop`)
  await expect(machine.run(`${ask} status`)).rejects.toMatchObject({
    exitCode: 3,
    stdout: 'acpid does not run\n',
  })
  await machine.run(`${ask} stop`)
  await machine.run(`${ask} start`)
  await machine.run(`${ask} start`)
  // Whoever asks for new starts, even many, is no failure.
  await machine.run(`for i in 1 2 3 4 5 6; do ${ask} restart || exit; done`)
  expect(await machine.run(`${ask} status`)).toMatch(/^acpid runs/)
  await expect(machine.run(`${ask} reload`)).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`Usage: ${front} start|stop|status|restart`),
  })
  await expect(machine.run(`${front} status`)).rejects.toMatchObject({
    exitCode: 1,
    stderr: `service: services belong to root\n  type it with sudo: sudo ${front} status\n`,
  })
  await expect(machine.run('sudo service nothing start')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^service: there is no service "nothing"\n {2}there are: .*acpid/),
  })
  expect(await machine.run('service --help')).toContain('Usage: ')
})

test('what programs and the kernel say is in the log of syslogd, shown by b2p-logs', async () => {
  const { machine } = await sharedMachine()
  await machine.run('logger -t tester -p daemon.warn "said to syslog"')
  await asRoot(machine, 'echo "<4>said to the kernel" >/dev/kmsg')
  const said = (name: string, text: string) => machine.run(waitFor(`b2p-logs ${name} | grep -q "${text}"`))
  await said('syslogd', 'daemon.warn tester: said to syslog$')
  await said('kernel', '\\.warn kernel: .*said to the kernel$')
  expect(await machine.run('b2p-logs kernel')).not.toContain('said to syslog')

  // On a console, what looks like the kernel's own lines is taken for them.
  const all = (await machine.run('b2p-logs -n 30 | tr [ "("')).trimEnd().split('\n')
  expect(all).toHaveLength(30)
  const times = all.map((line) => /^(\d{4}-\d\d-\d\d_[\d:.]+) [\w.-]+: /.exec(line)?.[1])
  expect(times).toEqual([...times].sort())
  expect(all.join('\n')).toMatch(/ syslogd: .*said to syslog/)
  expect(await machine.run('b2p-logs -n 1 syslogd | wc -l')).toBe('1\n')

  const followed = await machine.run(
    '(sleep 3; logger -t tester followed) & timeout 10 b2p-logs -f -n 1 || true',
  )
  expect(followed).toMatch(/ syslogd: .* tester: followed\n/)
  // What it started ends with it.
  expect(
    await machine.run(
      'for i in $(seq 30); do pidof tail >/dev/null || break; sleep 0.1; done; pidof tail || true',
    ),
  ).toBe('')

  await expect(machine.run('b2p-logs nothing')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^b2p-logs: there is no log "nothing"\n {2}there are: .*acpid .*kernel/),
  })
  await expect(machine.run('b2p-logs -n many')).rejects.toMatchObject({
    exitCode: 1,
    stderr: 'b2p-logs -n: "many" is not a number\n  such as: b2p-logs -n 20\n',
  })
  expect(await machine.run('b2p-logs --help')).toContain('Usage: b2p-logs')
})

test('with another machine named for it, syslog is written there too', async () => {
  const { machine } = await sharedMachine()
  const other = createSocket('udp4')
  other.bind(0, '127.0.0.1')
  await once(other, 'listening')
  let heard = ''
  other.on('message', (line) => {
    heard += line
  })
  onTestFinished(async () => {
    other.close()
    await machine.run('sudo rm /etc/sysconfig/rsyslog && sudo service syslogd restart')
  })
  await machine.run(`echo 10.0.2.2:${other.address().port} | sudo tee /etc/sysconfig/rsyslog`)
  await machine.run('sudo service syslogd restart && logger -t tester "said to all"')
  await machine.run(waitFor('b2p-logs syslogd | grep -q "tester: said to all$"'))
  await expect.poll(() => heard, { timeout: 30_000 }).toMatch(/^<13>.* tester: said to all$/m)
})

test('a log has its bounds; what was turned away is still shown', async () => {
  const { machine } = await sharedMachine()
  await addService(
    machine,
    'talker',
    'yes "this line is said many times" | head -n 64000; echo last; exec sleep 10000',
  )
  await machine.run(waitFor('grep -q " last$" /var/log/talker/current', 240))
  const sizes = (await machine.run('stat -c %s /var/log/talker/@* /var/log/talker/current'))
    .trim()
    .split('\n')
  const total = sizes.reduce((sum, size) => sum + Number(size), 0)
  // 64000 lines are 3.6 MB.
  expect(sizes).toHaveLength(4)
  expect(total).toBeGreaterThan(700_000)
  expect(total).toBeLessThan(1_100_000)
  const shown = (await machine.run('b2p-logs talker | wc -c')).trim()
  expect(Number(shown)).toBe(total)
  expect(await machine.run('b2p-logs -n 1 talker')).toMatch(/ last\n$/)
})

test('all services together take at most 12 MB', async () => {
  const { machine } = await sharedMachine()
  const table = await asRoot(
    machine,
    `for d in /proc/[0-9]*; do
       [ -e $d/exe ] && echo $(awk "/^(Name|Pid|PPid|Pss):/ { print \\$2 }" $d/status $d/smaps_rollup)
     done 2>/dev/null; true`,
  )
  const processes = table
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([name, pid, parent, size]) => ({ name, pid, parent, kilobytes: Number(size) }))
  const below = (pid: string | undefined): typeof processes =>
    processes.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)])
  const root = processes.find(({ name }) => name === 'runsvdir')
  expect(root).toBeDefined()
  const services = below(root?.pid)
  expect(services.map(({ name }) => name)).toEqual(expect.arrayContaining(['syslogd', 'ntpd', 'svlogd']))
  const sum = services.reduce((total, { kilobytes }) => total + kilobytes, 0)
  expect(sum).toBeGreaterThan(0)
  expect(sum).toBeLessThan(12 * 1024)
})

test('after a boot root’s containers start again, and those of a user without root, in the group of his session', async () => {
  const { machine } = await sharedMachine()
  const image = await tinyImage(machine)
  await machine.run(`sudo podman save -q ${image} | podman load -q`)
  onTestFinished(async () => {
    for (const podman of ['podman', 'sudo podman'])
      await machine.run(`${podman} rm -f -t 0 faithful unfaithful`)
    await machine.run(`podman rmi ${image}`)
  })
  for (const podman of ['podman', 'sudo podman']) {
    await machine.run(`${podman} run -d --name faithful --restart=always ${image} /bin/busybox sleep 10000`)
    await machine.run(`${podman} run -d --name unfaithful ${image} /bin/busybox sleep 10000`)
    await machine.run(`${podman} stop -t 0 --all`)
  }
  await machine.run('sudo service podman-restart start')
  await machine.run(waitFor('sudo sv status podman-restart | grep -q ^down', 240))
  for (const podman of ['podman', 'sudo podman']) {
    expect(await machine.run(`${podman} ps --format '{{.Names}}'`)).toBe('faithful\n')
  }
  expect(await machine.run("cat /proc/$(podman inspect -f '{{.State.Pid}}' faithful)/cgroup")).toMatch(
    /^0::\/user\/1001\//,
  )
  expect(await machine.run('b2p-logs podman-restart | grep -cE " [0-9a-f]{64}$"')).toBe('2\n')
})

test('a time zone is known by its name', async () => {
  const { machine } = await sharedMachine()
  const rule = (await machine.run('timezone Europe/Berlin')).trim()
  expect(await machine.run(`TZ='${rule}' date -d @0 '+%H %Z'`)).toBe('01 CET\n')
  expect(await machine.run(`TZ='${rule}' date -d @15552000 '+%H %Z'`)).toBe('02 CEST\n')
  expect(await machine.run('timezone JST-9')).toBe('JST-9\n')
  await expect(machine.run('timezone Europe/Nowhere')).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^timezone: "Europe\/Nowhere" is not the name of a time zone\n {2}the names are in \//,
    ),
  })
})
