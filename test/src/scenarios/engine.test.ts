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

test('podman, buildah, skopeo and the CNI plugins are four extensions and one program', async () => {
  const { machine } = await sharedMachine()
  const loaded = (await machine.run('tce-status -i')).split('\n')
  expect(loaded).toEqual(expect.arrayContaining(['podman', 'buildah', 'skopeo', 'cni-plugins']))
  const names = ['podman', 'buildah', 'skopeo', '/opt/cni/bin/bridge']
  const where = names.map((name) => `readlink -f ${name}`).join('; ')
  expect(await machine.run(`cd /usr/local/bin && ${where}`)).toBe('/usr/local/bin/podman\n'.repeat(4))
  const unknown = machine.run('ln -s /usr/local/bin/podman /tmp/docker-like && /tmp/docker-like ps')
  await expect(unknown).rejects.toMatchObject({
    exitCode: 1,
    stderr:
      'docker-like: by the name that it is called by this program is podman, buildah, skopeo or a CNI plugin\n',
  })
})

test('the service cgroupfs-mount finds its work done', async () => {
  const { machine } = await sharedMachine()
  const service = '/usr/local/etc/init.d/cgroupfs-mount'
  await machine.run(`${service} start && ${service} status && ${service} stop`)
  await expect(machine.run(`${service} restart`)).rejects.toMatchObject({ exitCode: 1 })
})
