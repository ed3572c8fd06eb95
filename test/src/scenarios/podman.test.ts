import { expect, test } from 'vitest'
import { pulledDebian, tinyImage } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test('generate kube, and play kube of what it wrote', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const script = `set -e
podman run -d --name oak -e LEAF=green ${image} sh -c 'echo $LEAF > /leaf; exec sleep 1000' >/dev/null
podman generate kube oak > /tmp/oak.yaml
podman rm -f -t 0 oak >/dev/null
podman play kube -q /tmp/oak.yaml >/dev/null
podman exec oak-pod-oak cat /leaf
podman play kube --down /tmp/oak.yaml >/dev/null
podman ps -aq --filter name=oak
rm /tmp/oak.yaml`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('green\n')
})

test('health checks run by themselves, and end with their container; what is unhealthy is told', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  await machine.run(
    `sudo podman run -d --name patient --health-cmd 'test ! -e /ill' --health-interval 1s --health-retries 2 ${image} sleep 1000`,
  )
  const becomes = (state: string) =>
    machine.run(
      `for i in $(seq 60); do s=$(sudo podman inspect --format {{.State.Health.Status}} patient); ` +
        `[ "$s" = ${state} ] && break; sleep 0.5; done; echo $s`,
    )
  expect(await becomes('healthy')).toBe('healthy\n')
  await machine.run('sudo podman exec patient touch /ill')
  expect(await becomes('unhealthy')).toBe('unhealthy\n')
  await machine.run('sudo podman rm -f -t 0 patient')
  expect(await machine.run(`sleep 1; ps -o args | grep -c '[h]ealthcheck-timer' || true`)).toBe('0\n')
})

test('an unhealthy container is killed if that was asked for; one that fails is started again', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const ends = (name: string, what: string) =>
    machine.run(
      `for i in $(seq 60); do s=$(sudo podman inspect --format '${what}' ${name}); ` +
        `case $s in *running) sleep 0.5 ;; *) break ;; esac; done; sudo podman rm -f -t 0 ${name} >/dev/null; echo $s`,
    )
  const check = '--health-cmd false --health-interval 1s --health-retries 2 --health-on-failure kill'
  await machine.run(`sudo podman run -d --name doomed ${check} ${image} sleep 1000`)
  expect(await ends('doomed', '{{.State.ExitCode}} {{.State.Status}}')).toMatch(/^137 (stopped|exited)\n$/)
  await machine.run(
    `sudo podman run -d --name stubborn --restart=on-failure:3 ${image} sh -c 'sleep 1; exit 1'`,
  )
  await machine.run(
    `for i in $(seq 60); do [ "$(sudo podman inspect --format '{{.RestartCount}}' stubborn)" = 3 ] && break; sleep 0.5; done`,
  )
  expect(await ends('stubborn', '{{.RestartCount}} {{.State.Status}}')).toMatch(/^3 (stopped|exited)\n$/)
})

test('secrets reach a container as a file and as a variable', async () => {
  const { machine } = await sharedMachine()
  const image = await tinyImage(machine)
  const script = `set -e
printf whisper | podman secret create quiet - >/dev/null
podman run --rm --secret quiet --secret quiet,type=env,target=ALOUD ${image} /bin/busybox sh -c '/bin/busybox cat /run/secrets/quiet; echo; echo $ALOUD'
podman secret rm quiet >/dev/null`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('whisper\nwhisper\n')
})

test('--userns=auto gives each container users of its own', async () => {
  const { machine } = await sharedMachine()
  const image = await tinyImage(machine)
  const map = () =>
    machine.run(`sudo podman run --rm --userns=auto ${image} /bin/busybox cat /proc/self/uid_map`)
  const [, first] = (await map()).trim().split(/\s+/)
  expect(Number(first)).toBeGreaterThanOrEqual(2147483647)
  const script = `set -e
podman run -d --name one --userns=auto ${image} /bin/busybox sleep 100 >/dev/null
podman run -d --name two --userns=auto ${image} /bin/busybox sleep 100 >/dev/null
podman exec one /bin/busybox cat /proc/self/uid_map
podman exec two /bin/busybox cat /proc/self/uid_map
podman rm -f -t 0 one two >/dev/null`
  const lines = (await machine.run(`sudo sh <<'END'\n${script}\nEND`)).trim().split('\n')
  const starts = lines.map((line) => line.trim().split(/\s+/)[1])
  expect(new Set(starts).size).toBe(2)
})

test('checkpoint, Quadlet and auto-update say what they lack', async () => {
  const { machine } = await sharedMachine()
  const image = await tinyImage(machine)
  await machine.run(`sudo podman run -d --name still ${image} /bin/busybox sleep 1000`)
  await expect(machine.run('sudo podman container checkpoint still')).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining('"criu": executable file not found'),
  })
  await machine.run('sudo podman rm -f -t 0 still')
  await machine.run("printf '[Container]\\nImage=localhost/tiny\\n' > /tmp/tiny.container")
  await expect(machine.run('sudo podman quadlet install /tmp/tiny.container')).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining('there is no systemd on this machine'),
  })
  await machine.run(
    `sudo podman run -d --name old --label io.containers.autoupdate=local ${image} /bin/busybox sleep 1000`,
  )
  await expect(machine.run('sudo podman auto-update')).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining('podman pull with podman run --replace updates one'),
  })
  await machine.run('sudo podman rm -f -t 0 old')
})

test('podman --remote speaks to the API of podman system service', async () => {
  const { machine } = await sharedMachine()
  const image = await tinyImage(machine)
  const script = `set -e
podman system service --time 20 unix:///tmp/api.sock &
until [ -S /tmp/api.sock ]; do sleep 0.1; done
podman --remote --url unix:///tmp/api.sock run --rm ${image} /bin/busybox echo far away
kill $!
rm -f /tmp/api.sock`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('far away\n')
})

test('events are told; a log is a file, and begins anew before it fills the memory', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const flood = `perl -e 'print "x" x 999, "\\n" for 1 .. 30000'`
  await machine.run(`sudo podman run --name chatty ${image} ${flood} > /dev/null`)
  const event = await machine.run(
    `sudo podman events --stream=false --since 10m --filter container=chatty --filter event=died --format '{{.Name}} {{.Status}}'`,
  )
  expect(event).toBe('chatty died\n')
  const driver = await machine.run('sudo podman inspect --format {{.HostConfig.LogConfig.Type}} chatty')
  expect(driver).toBe('k8s-file\n')
  const size = await machine.run(
    "sudo sh -c 'stat -c %s $(podman inspect --format {{.HostConfig.LogConfig.Path}} chatty)'",
  )
  expect(Number(size)).toBeGreaterThan(1000)
  expect(Number(size)).toBeLessThan(11_000_000)
  await machine.run('sudo podman rm chatty')
})

test('limits that containers expect', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  expect(
    await machine.run(
      'ulimit -Hn; cat /proc/sys/fs/inotify/max_user_instances /proc/sys/kernel/keys/maxkeys /proc/sys/net/ipv4/ip_forward',
    ),
  ).toBe('1048576\n8192\n20000\n1\n')
  const nofile = (options: string) =>
    machine.run(`sudo podman run --rm ${options} ${image} sh -c 'ulimit -Sn; ulimit -Hn'`)
  expect(await nofile('')).toBe('1048576\n1048576\n')
  expect(await nofile('--ulimit nofile=100:200')).toBe('100\n200\n')
})
