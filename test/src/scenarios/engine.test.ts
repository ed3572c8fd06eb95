import { expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test('the engine: cgroup v2 by cgroupfs, crun, netavark, an overlay of the kernel', async () => {
  const { machine } = await sharedMachine()
  const { host, store } = JSON.parse(await machine.run('sudo podman info --format json'))
  expect(host).toMatchObject({
    cgroupVersion: 'v2',
    cgroupManager: 'cgroupfs',
    networkBackend: 'netavark',
    ociRuntime: { name: 'crun' },
    security: { seccompEnabled: true },
  })
  expect(store).toMatchObject({ graphDriverName: 'overlay', graphRoot: '/var/lib/containers/storage' })
  // A program of its own would be a mount_program: fuse-overlayfs.
  expect(JSON.stringify(store.graphOptions)).not.toContain('mount_program')
  expect(store.graphStatus['Native Overlay Diff']).toBe('true')
})

test('runc in place of crun', async () => {
  const { machine } = await sharedMachine()
  const image = await tinyImage(machine)
  await machine.run(`sudo podman --runtime runc run --name with-runc ${image} /bin/busybox true`)
  const runtime = await machine.run('sudo podman inspect --format {{.OCIRuntime}} with-runc')
  expect(runtime).toBe('runc\n')
  await machine.run('sudo podman rm with-runc')
})
