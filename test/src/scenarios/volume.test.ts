import { expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test('a volume keeps a file over two runs', async () => {
  const { machine } = await sharedMachine()
  const image = await tinyImage(machine)
  const run = (script: string) =>
    machine.run(`sudo podman run --rm -v shelf:/shelf ${image} /bin/busybox sh -c '${script}'`)
  await run('echo kept > /shelf/file')
  expect(await run('/bin/busybox cat /shelf/file')).toBe('kept\n')
  await machine.run('sudo podman volume rm shelf')
})
