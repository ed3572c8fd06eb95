import type { Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { debian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

/** Debian in tc's own store. */
async function image(machine: Machine): Promise<string> {
  const name = debian()
  await machine.run(`podman image exists ${name} || podman pull -q --tls-verify=false ${name}`, {
    timeout: 240,
  })
  return name
}

test('a login has its session: at the console and by su', async () => {
  const { machine } = await sharedMachine()
  const look = 'echo $XDG_RUNTIME_DIR; stat -c "%U %a" $XDG_RUNTIME_DIR; cat /proc/self/cgroup'
  const session = '/run/user/1001\ntc 700\n0::/user/1001/login\n'
  expect(await machine.run(look)).toBe(session)
  expect(await machine.run(`sudo su - tc -c '${look}'`)).toBe(session)
})

test('run, build, volumes and pods as tc; native overlay, pasta', async () => {
  const { machine } = await sharedMachine()
  const name = await image(machine)
  expect(await machine.run('podman system migrate; podman info 2>&1 >/dev/null')).toBe('')
  const info = JSON.parse(await machine.run('podman info --format json'))
  expect(info.host.security.rootless).toBe(true)
  expect(info.host.rootlessNetworkCmd).toBe('pasta')
  expect(info.store.graphDriverName).toBe('overlay')
  expect(JSON.stringify(info.store.graphOptions)).not.toContain('mount_program')
  expect(await machine.run(`podman run --rm ${name} sh -c 'id -u; cat /proc/self/uid_map'`)).toMatch(
    /^0\n +0 +1001 +1\n +1 +100000 +65536\n$/,
  )
  await machine.run(
    `mkdir -p /tmp/own && printf 'FROM ${name}\\nRUN id -u > /who\\n' > /tmp/own/Containerfile`,
  )
  await machine.run('podman build -q -t own /tmp/own && buildah bud -q -t own-too /tmp/own', { timeout: 300 })
  expect(await machine.run('podman run --rm own cat /who && podman run --rm own-too cat /who')).toBe('0\n0\n')
  await machine.run(
    `podman pod create rootless-pod >/dev/null && podman run -d --pod rootless-pod ${name} sleep 1000`,
  )
  expect(await machine.run('podman pod ps --format {{.Status}}')).toBe('Running\n')
  await machine.run('podman pod rm -f -t 0 rootless-pod && podman rmi own own-too')
})

test('--userns=keep-id, and podman unshare', async () => {
  const { machine } = await sharedMachine()
  const name = await image(machine)
  expect(await machine.run(`podman run --rm --userns=keep-id ${name} id -u`)).toBe('1001\n')
  expect(await machine.run("podman unshare sh -c 'id -u; wc -l < /proc/self/uid_map'")).toBe('0\n2\n')
})

test('buildah and skopeo as tc: unshare, from, commit, copy out of the storage', async () => {
  const { machine } = await sharedMachine()
  const name = await image(machine)
  const script = `set -e
buildah unshare id -u
box=$(buildah from ${name})
buildah run $box sh -c 'echo mine > /mine'
buildah commit -q $box localhost/mine >/dev/null
buildah rm $box >/dev/null
skopeo copy -q containers-storage:localhost/mine oci:/tmp/mine:latest
skopeo inspect --format '{{.Os}}' oci:/tmp/mine:latest
podman run --rm localhost/mine cat /mine
podman rmi localhost/mine >/dev/null
rm -rf /tmp/mine`
  expect(await machine.run(`sh <<'END'\n${script}\nEND`, { timeout: 240 })).toBe('0\nlinux\nmine\n')
})

// slirp4netns's own network is QEMU's too, unless it is told another.
test.each(['pasta', 'slirp4netns:cidr=10.41.0.0/24'])(
  'a published port and the way out, with %s',
  async (network) => {
    const { machine } = await sharedMachine()
    const name = await image(machine)
    const script = `set -e
podman run -d --name stall --network ${network} -p 7400:80 ${name} sh -c 'while :; do echo ${network} | nc -lN 80; done' >/dev/null
for i in $(seq 25); do said=$(nc -w 2 127.0.0.1 7400 </dev/null) && [ "$said" ] && break; sleep 0.2; done
echo "$said"
podman exec stall perl -MIO::Socket -e 'print IO::Socket::INET->new(PeerAddr => "${name.split('/')[0]}", Timeout => 5) ? "out\\n" : "no way out\\n"'
podman rm -f -t 0 stall >/dev/null`
    expect(await machine.run(`sh <<'END'\n${script}\nEND`)).toBe(`${network}\nout\n`)
  },
)

test('fuse-overlayfs in place of the native overlay', async () => {
  const { machine } = await sharedMachine()
  await image(machine)
  const script = `set -e
podman save -q -o /tmp/fuse.tar ${debian()}
podman() { command podman --root ~/fuse --runroot /tmp/fuse-run --storage-opt overlay.mount_program=/usr/local/bin/fuse-overlayfs "$@"; }
podman load -q -i /tmp/fuse.tar >/dev/null
podman run --rm ${debian()} sh -c 'echo written > /file; cat /file; while read -r _ where type _; do [ $where != / ] || echo $type; done < /proc/mounts'
podman rmi -f ${debian()} >/dev/null
podman unshare sh -c 'umount ~/fuse/overlay; rm -rf ~/fuse /tmp/fuse-run'
rm /tmp/fuse.tar`
  expect(await machine.run(`sh <<'END'\n${script}\nEND`, { timeout: 240 })).toBe(
    'written\nfuse.fuse-overlayfs\n',
  )
})

test("limits hold: a container of tc's is in tc's own cgroup, alone and in a pod", async () => {
  const { machine } = await sharedMachine()
  const name = await image(machine)
  const limits = 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max'
  expect(await machine.run(`podman run --rm --memory 32m --pids-limit 50 ${name} ${limits}`)).toBe(
    '33554432\n50\n',
  )
  expect(
    await machine.run(
      `podman pod create limited >/dev/null && podman run --rm --pod limited --memory 24m --pids-limit 40 ${name} ${limits}; podman pod rm -f -t 0 limited >/dev/null`,
    ),
  ).toBe('25165824\n40\n')
  const eat = "perl -e '$x[$_] = chr($_) x 1048576 for 1 .. 80; print 1'"
  await expect(
    machine.run(`podman run --rm --memory 32m --memory-swap 32m ${name} ${eat}`),
  ).rejects.toMatchObject({ exitCode: 137 })
})

test('who has no range of user numbers is told the line that gives one', async () => {
  const { machine } = await sharedMachine()
  const script = `sed -i.kept /^tc:/d /etc/subuid /etc/subgid
su - tc -c 'podman system migrate' >/dev/null 2>&1
su - tc -c 'podman info' 2>&1 >/dev/null
mv /etc/subuid.kept /etc/subuid; mv /etc/subgid.kept /etc/subgid
su - tc -c 'podman system migrate' `
  const said = await machine.run(`sudo sh <<'END'\n${script}\nEND`)
  expect(said).toContain('echo tc:100000:65536 | sudo tee -a /etc/subuid /etc/subgid')
})
