import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test('two containers of a pod share its network', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const serve = `sh -c 'while :; do echo pea | nc -lN 127.0.0.1 4000; done'`
  const ask = `sh -c 'until nc 127.0.0.1 4000 < /dev/null; do sleep 0.2; done'`
  await machine.run('sudo podman pod create pod')
  await machine.run(`sudo podman run -d --pod pod ${image} ${serve}`)
  expect(await machine.run(`sudo podman run --rm --pod pod ${image} ${ask}`)).toBe('pea\n')
  expect(await machine.run('sudo podman pod ps --format "{{.Name}} {{.Status}}"')).toBe('pod Running\n')
  await machine.run('sudo podman pod rm -f -t 0 pod')
})
