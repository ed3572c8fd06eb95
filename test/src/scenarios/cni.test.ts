import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test('CNI: its folders, and a container with a published port on its bridge', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  expect(await machine.run('readlink -f /etc/cni/net.d; readlink -f /opt/cni/bin')).toBe(
    '/usr/local/etc/cni/net.d\n/usr/local/lib/cni\n',
  )
  // A store of its own: Podman keeps to the network backend that its first container had.
  const script = `set -e
printf '[network]\\nnetwork_backend = "cni"\\n' > /tmp/cni.conf
export CONTAINERS_CONF_OVERRIDE=/tmp/cni.conf
podman() { command podman --root /var/lib/containers/storage/volumes/cni --runroot /run/cni "$@"; }
podman info --format '{{.Host.NetworkBackend}}'
skopeo copy -q containers-storage:${image} docker-archive:/tmp/cni.tar:localhost/cni:latest
podman load -q -i /tmp/cni.tar >/dev/null
podman run -d --name plugged --network cni -p 7300:80 localhost/cni sh -c 'while :; do echo plugged in | nc -lN 80; done' >/dev/null
podman inspect --format '{{.NetworkSettings.Networks.cni.IPAddress}}' plugged | cut -d. -f1,2
for i in $(seq 25); do nc -w 2 10.0.2.15 7300 </dev/null && break; sleep 0.2; done
ip link show cni0 >/dev/null && echo cni0
podman rm -f -t 0 plugged >/dev/null
podman rmi -f localhost/cni >/dev/null
rm -rf /tmp/cni.tar /tmp/cni.conf`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`, { timeout: 240 })).toBe(
    'cni\n10.85\nplugged in\ncni0\n',
  )
})
