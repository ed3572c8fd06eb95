import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test('a container in the background: ps, logs, exec, stats, stop', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const names = (options: string) =>
    machine.run(`sudo podman ps ${options} --format '{{.Names}} {{.Status}}'`)
  await machine.run(
    `sudo podman run -d --name clock ${image} sh -c 'trap "echo bye; exit 3" TERM; echo begun; while :; do sleep 0.2; done'`,
  )
  expect(await names('')).toMatch(/^clock Up /m)
  expect(await machine.run('sudo podman logs clock')).toBe('begun\n')
  expect(await machine.run('echo in | sudo podman exec -i clock cat')).toBe('in\n')
  await expect(machine.run('sudo podman exec clock sh -c "exit 5"')).rejects.toMatchObject({ exitCode: 5 })
  // On a terminal it would clear the screen first.
  const [stats] = JSON.parse(await machine.run('sudo podman stats --no-stream --format json clock | cat'))
  expect(stats).toMatchObject({ name: 'clock', mem_usage: expect.stringMatching(/^[1-9][\d.]*[kM]B \//) })
  await machine.run('sudo podman stop clock')
  expect(await names('-a')).toMatch(/^clock Exited \(3\) /m)
  expect(await machine.run('sudo podman logs clock')).toBe('begun\nbye\n')
  await machine.run('sudo podman rm clock')
  expect(await names('-a')).not.toContain('clock')
})
