import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, expect, test } from 'vitest'
import { boot } from '../machines.ts'
import { sshAccess } from '../ssh.ts'

// The first test and the last share a machine.
const box = await sshAccess()
let started: Promise<Machine> | undefined
const shared = () => {
  started ??= boot({ ...box.spec, memory: 1024 })
  return started
}
afterAll(async () => {
  await (await started?.catch(() => undefined))?.kill()
  await box[Symbol.asyncDispose]()
})

const memory = async (machine: Machine) =>
  Number(await machine.run("awk '/^MemAvailable/ { print $2 }' /proc/meminfo"))
const PODMAN = "ps -o args | grep -c '^[p]odman system service' || true"

test('the API starts with its first connection, for root and for tc, and leaves when nobody speaks to it', async () => {
  const machine = await shared()
  await box.hostKeys()
  const stat =
    "stat -c '%a %U %n' /run/podman/*.sock /run/podman/io.podman /run/user/1001/podman/* /run/org.varlink.resolver"
  expect((await box.ssh('root', stat)).trim().split('\n').sort()).toEqual([
    '600 root /run/podman/io.podman',
    '600 root /run/podman/podman.sock',
    '600 tc /run/user/1001/podman/io.podman',
    '600 tc /run/user/1001/podman/podman.sock',
    '666 root /run/org.varlink.resolver',
  ])
  expect(await machine.run(PODMAN)).toBe('0\n')
  const before = await memory(machine)

  expect(await box.ssh('root', 'podman --remote info --format "{{.Host.Security.Rootless}}"')).toBe('false\n')
  expect(await box.ssh('tc', 'podman --remote info --format "{{.Host.Security.Rootless}}"')).toBe('true\n')
  const ping = 'GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n'
  expect(await box.throughSocket('root', '/run/docker.sock', ping)).toMatch(
    /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n[\s\S]*OK/,
  )
  // What Docker's clients run in the machine that they log in to.
  const stdio = `printf 'GET /_ping HTTP/1.1\\r\\nHost: d\\r\\nConnection: close\\r\\n\\r\\n'`
  expect(await box.ssh('root', `${stdio} | docker system dial-stdio`)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(await machine.run(PODMAN)).not.toBe('0\n')
  const taken = before - (await memory(machine))
  expect(taken).toBeGreaterThan(0)

  await sleep(31_000)
  await expect.poll(() => machine.run(PODMAN), { timeout: 20_000 }).toBe('0\n')
  expect(before - (await memory(machine))).toBeLessThan(taken / 4)
  expect(await box.ssh('root', 'podman --remote version --format "{{.Server.APIVersion}}"')).toMatch(/^5\./)
})

// Asks, sees how long Podman stays then, and asks again and again at about that time, from before it leaves to after.
const ASK_AS_IT_LEAVES = `
ask() { printf 'GET /_ping HTTP/1.1\\r\\nHost: d\\r\\nConnection: close\\r\\n\\r\\n' | socat -t 60 - UNIX:/run/podman/podman.sock; }
hundredths() { sed 's/ .*//; s/\\.//' /proc/uptime; }
ask >/dev/null
begin=$(hundredths)
while pidof podman >/dev/null; do sleep 0.02; done
stay=$(($(hundredths) - begin))
for sooner in $(seq 56 -4 -4); do
  ask | grep -qx OK && echo "OK $(pidof podman)"
  wait=$((stay - sooner))
  sleep $((wait / 100)).$(printf %02d $((wait % 100)))
done`

test('whoever connects at the moment when it leaves is answered', async () => {
  // A machine of its own: what keeps a user's containers together is a podman that does not leave.
  await using machine = await boot({ memory: 512, cpus: 2 })
  await machine.run("sudo sed -i 's/--time 30$/--time 3/' /usr/local/etc/sockets/podman")
  await machine.run('sudo service podman restart')
  const answers = await machine.run(`sudo sh <<'END'\n${ASK_AS_IT_LEAVES}\nEND`, { timeout: 300 })
  const lines = answers.trim().split('\n')
  expect(lines.map((line) => line.replace(/ .*/, ''))).toEqual(Array.from({ length: 16 }, () => 'OK'))
  // Of the one that stayed, of those that came after it.
  expect(new Set(lines).size).toBeGreaterThan(2)
})

test('a program that leaves at once: who waits is told, and the others go on', async () => {
  const machine = await shared()
  await box.hostKeys()
  await box.ssh(
    'root',
    `sed -i 's,^/run/podman/io.podman.*,/run/podman/io.podman 600 0:0 false,' /usr/local/etc/sockets/podman`,
  )
  await box.ssh('root', 'service podman restart')
  expect(await box.throughSocket('root', '/run/podman/io.podman', '{}\0')).toBe('')
  expect(await machine.run('b2p-logs podman')).toContain(
    '/run/podman/io.podman: false ended with exit code 1',
  )
  expect(await box.ssh('root', 'podman --remote version --format "{{.Server.APIVersion}}"')).toMatch(/^5\./)
})
