import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

const serve = (what: string) => `sh -c 'while :; do echo ${what} | nc -lN 80; done'`
const ask = (where: string) => `sh -c 'until nc -w 20 ${where} 80 < /dev/null; do sleep 0.2; done'`

test('two containers find each other by name', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  await machine.run('sudo podman network create street')
  await machine.run(`sudo podman run -d --name baker --network street ${image} ${serve('bread')}`)
  expect(await machine.run(`sudo podman run --rm --network street ${image} ${ask('baker')}`)).toBe('bread\n')
  await machine.run('sudo podman rm -f -t 0 baker && sudo podman network rm street')
})

test('a published port answers on the host', async () => {
  const { machine, port } = await sharedMachine()
  const image = await pulledDebian(machine)
  await machine.run(`sudo podman run -d --name shop -p 8080:80 ${image} ${serve('open')}`)
  expect(await answer(port)).toBe('open\n')
  await machine.run('sudo podman rm -f -t 0 shop')
  expect(await connected(port)).toBe('')
})

test("a container reaches the host's network", async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const server = createServer((socket) => socket.end('from the host\n')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const reached = await machine.run(`sudo podman run --rm ${image} nc 10.0.2.2 ${port} < /dev/null`)
  server.close()
  expect(reached).toBe('from the host\n')
})

/** Asks until there is an answer: the server listens some time after its container runs. */
async function answer(port: number): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const said = await connected(port)
    if (said !== '') return said
    await sleep(200)
  }
  return ''
}

async function connected(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  return await text(socket).catch(() => '')
}
