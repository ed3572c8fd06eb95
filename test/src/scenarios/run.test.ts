import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test('an image pulled from a registry runs: its output and its exit code come back', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  expect(await machine.run(`sudo podman run --rm ${image} cat /etc/debian_version`)).toMatch(/^13\./)
  const failure = machine.run(`sudo podman run --rm ${image} sh -c 'echo said; echo told >&2; exit 7'`)
  await expect(failure).rejects.toMatchObject({ exitCode: 7, stdout: 'said\n', stderr: 'told\n' })
})
