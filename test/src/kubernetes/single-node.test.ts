import type { Machine } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { dataDisk } from '../data-disk.ts'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'
import { apply, kubectl, SERVICE, startCluster, untilPrinted, WEB } from './cluster.ts'

const OBJECTS = `
apiVersion: v1
kind: ConfigMap
metadata: { name: colours }
data: { colour: green }
---
apiVersion: v1
kind: Secret
metadata: { name: words }
stringData: { word: sesame }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: kept }
spec:
  capacity: { storage: 10Mi }
  accessModes: [ReadWriteOnce]
  storageClassName: by-hand
  hostPath: { path: /var/lib/boot2podman/kept, type: DirectoryOrCreate }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: kept }
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: by-hand
  resources: { requests: { storage: 10Mi } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
${WEB}
${SERVICE}---
apiVersion: batch/v1
kind: Job
metadata: { name: once }
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: asks
          image: localhost/tiny
          imagePullPolicy: Never
          command: [/bin/busybox, sh, -c, 'until /bin/busybox wget -q -T 5 -O - http://web.default.svc.cluster.local/; do /bin/busybox sleep 1; done']
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: nobody }
spec: { podSelector: {} }
`

const READY = 'web +3/3'

test('a machine without a network is a whole cluster; what it runs comes back after a reboot and a power cut', async () => {
  await using data = await dataDisk(4096)
  const spec = { memory: 3072, cpus: 2, network: false, disks: [data.disk] }
  {
    await using machine = await boot(spec)
    const refused = machine.run('sudo kubernetes token')
    await expect(refused).rejects.toMatchObject({
      exitCode: 1,
      stderr: 'token: this machine belongs to no cluster\n  sudo kubernetes start makes one\n',
    })
    expect(await startCluster(machine)).toMatch(/\nbox is ready\. kubectl works for tc; /)
    expect(await kubectl(machine, 'get nodes')).toMatch(/^box +Ready +control-plane /m)
    expect(await machine.run('sudo kubernetes status', { timeout: 60 })).toMatch(
      /^crio runs[\s\S]*All pods run\./,
    )
    await tinyImage(machine)
    await machine.run('sudo kubernetes import localhost/tiny', { timeout: 60 })
    await apply(machine, OBJECTS)
    await answers(machine)
    // It would have kept the job from its answer.
    expect(await machine.run('sudo kubernetes status', { timeout: 60 })).toMatch(
      /^Network policies \(1\) are kept, and not enforced/m,
    )
    await crictl(machine)
    await outlives(machine)
    await machine.run('echo kept | sudo tee /var/lib/boot2podman/kept/file >/dev/null')
    await machine.shutDown(120)
  }
  {
    await using machine = await boot(spec)
    await comesBack(machine)
    expect(await asked(machine)).toMatch(/^web-\S+ green sesame$/m)
    await machine.kill()
  }
  // A power cut this time.
  await using machine = await boot(spec)
  await comesBack(machine)
  await machine.run('sudo kubernetes stop', { timeout: 200 })
  await expect(machine.run('sudo kubernetes status')).rejects.toMatchObject({ exitCode: 3 })
  expect(await machine.run('sudo kubernetes start', { timeout: 600 })).toBe('box is ready.\n')
  await machine.run('sudo kubernetes reset --yes', { timeout: 200 })
  expect(await machine.run('sudo ls -A /etc/kubernetes /var/lib/etcd | cat')).not.toMatch(
    /\.(conf|key|crt)|member/,
  )
})

/** What the cluster tells of its pods at first is what it knew of them before; so one is asked. */
async function comesBack(machine: Machine): Promise<void> {
  await untilPrinted(machine, within('cat /kept/file'), '^kept$')
  await untilPrinted(machine, 'kubectl get deployment web', READY)
}

/** Three pods behind a service by its name: their configuration, secret, volume, log; a job that asks them. */
async function answers(machine: Machine): Promise<void> {
  await untilPrinted(machine, 'kubectl get deployment web', READY)
  await untilPrinted(machine, 'kubectl get job once', 'once +Complete +1/1')
  expect(await kubectl(machine, 'logs job/once')).toMatch(/^web-\S+ green sesame$/m)
  expect(await machine.run(within('cat /secret/word'), { timeout: 60 })).toBe('sesame')
  expect(await kubectl(machine, 'logs deployment/web')).toBe('begun\n')
  expect(await asked(machine)).toMatch(/^web-\S+ green sesame$/m)
}

/** From the machine itself, by the service's address. */
async function asked(machine: Machine): Promise<string> {
  const address = await kubectl(machine, "get service web -o 'jsonpath={.spec.clusterIP}'")
  return await machine.run(
    `for i in $(seq 60); do wget -q -T 5 -O - http://${address.trim()}/ && break; sleep 1; done`,
    {
      timeout: 400,
    },
  )
}

/** A command of the host's that runs one in a pod. */
const within = (command: string) => `kubectl exec deployment/web -- /bin/busybox ${command}`

/** CRI-O by its own tool; Podman and it do not see each other's. */
async function crictl(machine: Machine): Promise<void> {
  expect(await machine.run('sudo crictl images')).toMatch(/^localhost\/tiny +latest /m)
  const id = (await machine.run('sudo crictl ps -q --name web | head -n 1')).trim()
  expect(await machine.run(`sudo crictl logs ${id}`)).toBe('begun\n')
  expect(await machine.run(`sudo crictl exec ${id} /bin/busybox echo within`)).toBe('within\n')
  expect(await machine.run('sudo podman ps -a -q')).toBe('')
  await machine.run('sudo podman rmi localhost/tiny && sudo kubernetes export localhost/tiny', {
    timeout: 60,
  })
  expect(await machine.run('sudo podman run --rm --network none localhost/tiny /bin/busybox echo back')).toBe(
    'back\n',
  )
}

/** A pod that is deleted is made anew; containers outlive CRI-O's death, and CRI-O knows them again. */
async function outlives(machine: Machine): Promise<void> {
  const pods = async () => (await kubectl(machine, 'get pods -l app=web -o name')).trim().split('\n')
  const [first = ''] = await pods()
  await kubectl(machine, `delete ${first}`, 120)
  await untilPrinted(machine, 'kubectl get deployment web', READY)
  expect(await pods()).not.toContain(first)

  const running = 'sudo crictl ps -q --name web | sort'
  const before = await machine.run(running)
  await machine.run('sudo pkill -9 -x crio')
  await untilPrinted(machine, 'sudo crictl version', 'RuntimeName: +cri-o')
  expect(await machine.run(running)).toBe(before)
  expect(await asked(machine)).toMatch(/^web-/m)
}
