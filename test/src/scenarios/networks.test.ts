import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

const serve = (what: string) => `sh -c 'while :; do echo ${what} | nc -lN 80; done'`
const ask = (where: string) =>
  `sh -c 'for i in $(seq 25); do nc -w 2 ${where} 80 < /dev/null && exit; sleep 0.2; done; exit 1'`

test('IPv6: a network with addresses of both kinds', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const script = `set -e
podman network create --ipv6 --subnet fd00:5::/64 --subnet 10.99.5.0/24 six >/dev/null
podman run -d --name six-server --network six --ip6 fd00:5::99 ${image} sh -c 'while :; do echo six | nc -6 -lN 80; done' >/dev/null
podman run --rm --network six ${image} ${ask('fd00:5::99')}
podman rm -f -t 0 six-server >/dev/null
podman network rm six >/dev/null`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('six\n')
})

test('an isolated network does not reach its neighbour; two that are not do', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const script = `set -e
podman network create --subnet 10.99.1.0/24 open >/dev/null
podman network create --subnet 10.99.2.0/24 free >/dev/null
podman network create --subnet 10.99.3.0/24 --opt isolate=true cell >/dev/null
podman network create --subnet 10.99.4.0/24 --opt isolate=true other-cell >/dev/null
podman run -d --name in-open --network open --ip 10.99.1.9 ${image} ${serve('open')} >/dev/null
podman run -d --name in-cell --network cell --ip 10.99.3.9 ${image} ${serve('cell')} >/dev/null
podman run --rm --network free ${image} ${ask('10.99.1.9')}
podman run --rm --network other-cell ${image} sh -c 'nc -w 3 10.99.3.9 80 </dev/null || echo shut'
podman rm -f -t 0 in-open in-cell >/dev/null
podman network rm open free cell other-cell >/dev/null`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('open\nshut\n')
})

test('--network host, none and container:', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const cards = (options: string) =>
    machine.run(`sudo podman run --rm ${options} ${image} sh -c 'cd /sys/class/net && ls | cat'`)
  expect(await cards('--network host')).toBe(await machine.run('ls -1 /sys/class/net'))
  expect(await cards('--network none')).toBe('lo\n')
  await machine.run(`sudo podman run -d --name landlord ${image} ${serve('shared')}`)
  const tenant = await machine.run(
    `sudo podman run --rm --network container:landlord ${image} ${ask('127.0.0.1')}`,
  )
  expect(tenant).toBe('shared\n')
  await machine.run('sudo podman rm -f -t 0 landlord')
})

test('macvlan: a container is a neighbour on the wire', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const script = `set -e
card=$(ip -4 route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/')
podman network create -d macvlan -o parent=$card --subnet 10.0.2.0/24 --gateway 10.0.2.2 wire >/dev/null
podman run --rm --network wire --ip 10.0.2.77 ${image} cat /proc/net/fib_trie | grep -c 10.0.2.77
podman run --rm --network wire --ip 10.0.2.77 ${image} cat /proc/net/route | grep -c '^eth0.00000000.0202000A'
podman network rm wire >/dev/null`
  const [addresses, routes] = (await machine.run(`sudo sh <<'END'\n${script}\nEND`)).trim().split('\n')
  expect(Number(addresses)).toBeGreaterThan(0)
  expect(routes).toBe('1')
})

test('a range of ports, and UDP', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const script = `set -e
podman run -d --name ranger -p 7000-7002:80-82 ${image} sh -c 'while :; do echo eighty-two | nc -lN 82; done' >/dev/null
podman port ranger | sort | head -1
for i in $(seq 25); do nc -w 2 10.0.2.15 7002 </dev/null && break; sleep 0.2; done
podman run -d --name datagram -p 7053:53/udp ${image} sh -c 'nc -u -l 53 > /got' >/dev/null
sleep 1
echo by udp | socat - UDP:10.0.2.15:7053
for i in $(seq 25); do podman exec datagram cat /got | grep udp && break; sleep 0.2; done
podman rm -f -t 0 ranger datagram >/dev/null`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe(
    '80/tcp -> 0.0.0.0:7000\neighty-two\nby udp\n',
  )
})

test('lost firewall rules come back with podman network reload', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const script = `set -e
podman run -d --name wall -p 7100:80 ${image} ${serve('through')} >/dev/null
for i in $(seq 25); do nc -w 2 10.0.2.15 7100 </dev/null && break; sleep 0.2; done
nft flush ruleset
nc -w 2 10.0.2.15 7100 </dev/null | grep . || echo lost
podman network reload --all >/dev/null
for i in $(seq 25); do nc -w 2 10.0.2.15 7100 </dev/null && break; sleep 0.2; done
podman rm -f -t 0 wall >/dev/null`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('through\nlost\nthrough\n')
})
