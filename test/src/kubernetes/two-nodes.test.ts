import { freePort, type Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'
import { apply, kubectl, SERVICE, startCluster, untilPrinted } from './cluster.ts'

const OBJECTS = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: localhost/tiny
          imagePullPolicy: Never
          command: [/bin/busybox, sh, -c, '/bin/busybox mkdir -p /www; echo $NODE >/www/index.html; exec /bin/busybox httpd -f -p 8080 -h /www']
          env: [{ name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]
${SERVICE}`

test('a second machine joins: pods reach each other, a service answers from both, who is lost is noticed', async () => {
  const [port, peer] = [await freePort(), await freePort()]
  const node = async (own: number, other: number, memory: number, name: string, address: string) => {
    const machine = await boot({ memory, network: { cable: { port: own, peer: other } } })
    await machine.run(`sudo sethostname ${name} && sudo ip addr add ${address}/24 dev eth0`)
    return machine
  }
  await using first = await node(port, peer, 2560, 'first', '10.0.0.1')
  await using second = await node(peer, port, 1536, 'second', '10.0.0.2')
  await startCluster(first)
  const line = (await first.run('sudo kubernetes token', { timeout: 120 })).trim()
  expect(line).toMatch(/^sudo kubernetes join 10\.0\.0\.1 [a-z0-9]{6}\.[a-z0-9]{16} sha256:[0-9a-f]{64}$/)

  await refusals(second, line)
  expect(await second.run(line, { timeout: 900 })).toMatch(/\nsecond is ready\.\n$/)
  expect(await kubectl(first, 'get nodes')).toMatch(/^second +Ready /m)

  for (const machine of [first, second]) {
    await tinyImage(machine)
    await machine.run('sudo kubernetes import localhost/tiny', { timeout: 60 })
  }
  await apply(first, OBJECTS)
  await untilPrinted(first, 'kubectl get daemonset web', 'web +2 +2 +2')
  // Each node asks each pod, by the network of pods, then the service until both have answered.
  const pods = (await kubectl(first, "get pods -l app=web -o 'jsonpath={.items[*].status.podIP}'"))
    .trim()
    .split(' ')
  const service = (await kubectl(first, "get service web -o 'jsonpath={.spec.clusterIP}'")).trim()
  for (const machine of [first, second]) {
    const names: string[] = []
    for (const pod of pods) names.push((await machine.run(`wget -q -T 20 -O - http://${pod}:8080/`)).trim())
    expect(names.sort()).toEqual(['first', 'second'])
    const ask = `wget -q -T 20 -O - http://${service}/`
    await machine.run(`for i in $(seq 100); do ${ask}; done 2>/dev/null | sort -u | grep -c . | grep -x 2`, {
      timeout: 200,
    })
  }
  await second.kill()
  await untilPrinted(first, 'kubectl get nodes', '^second +NotReady')
})

/** What a machine is told that may not join as it is. Nothing of it stays: the right line works after it. */
async function refusals(machine: Machine, line: string): Promise<void> {
  const [, , , address, token, hash] = line.split(' ')
  const join = (words: string) => machine.run(`sudo kubernetes join ${words}`, { timeout: 400 })
  await expect(join(`${address} abcdef.0123456789abcdef ${hash}`)).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('token: the cluster does not know it, or no longer'),
  })
  await expect(join(`${address} ${token} sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('hash: it is not that of the cluster at this address'),
  })
  await machine.run('sudo sethostname first')
  await expect(join(`${address} ${token} ${hash}`)).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('first: a machine of this name is in the cluster already'),
  })
  const now = (await machine.run('date +%s')).trim()
  await machine.run('sudo sethostname second; sudo date -s 2020-01-01')
  await expect(join(`${address} ${token} ${hash}`)).rejects.toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/clock: it says 20(20|19)-/),
  })
  await machine.run(`sudo date -s @${now}`)
}
