import { once } from 'node:events'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, sandbox } from './cli.fixture.ts'
import { fromHere } from './kubernetes.ts'

// In the form that kubeadm writes.
const ADMIN = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QUJD
    server: https://10.0.2.15:6443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: QUJD
    client-key-data: QUJD
`

test('the way from here takes the place of the one inside, by a name that is in the certificate', () => {
  const text = fromHere(ADMIN, { host: '127.0.0.1', port: 40123 })
  expect(text).toBe(
    ADMIN.replace(
      '    server: https://10.0.2.15:6443\n',
      '    server: https://127.0.0.1:40123\n    tls-server-name: kubernetes\n',
    ),
  )
  expect(fromHere(ADMIN, { host: 'fd00::1', port: 6443 })).toContain('    server: https://[fd00::1]:6443\n')
})

test('what is no kubeconfig, or one of two clusters', () => {
  for (const text of ['', 'hello\n', ADMIN + ADMIN]) {
    expect(() => fromHere(text, { host: '127.0.0.1', port: 1 })).toThrow(
      'the machine gave none with one server',
    )
  }
})

let box: Sandbox
let server: Server
let env: Record<string, string>
beforeEach(async () => {
  box = await sandbox()
  // The port of SSH: a machine runs when somebody listens there.
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bin = join(box.folder, 'bin')
  await mkdir(bin)
  env = { PATH: `${bin}:${process.env.PATH}` }
  await machine('box', 'tc')
})
afterEach(async () => {
  server.close()
  await box[Symbol.asyncDispose]()
})

/** A machine of the driver generic, as `create` leaves it. */
async function machine(name: string, user: string): Promise<void> {
  const { port } = server.address() as AddressInfo
  const Driver = { IPAddress: '127.0.0.1', MachineName: name, SSHUser: user, SSHPort: port, SSHKeyPath: '' }
  const HostOptions = { EngineOptions: {}, AuthOptions: {} }
  await mkdir(join(box.store, 'machines', name), { recursive: true })
  await writeFile(
    join(box.store, 'machines', name, 'config.json'),
    JSON.stringify({
      ConfigVersion: 4,
      Name: name,
      DriverName: 'generic',
      Created: true,
      Driver,
      HostOptions,
    }),
  )
}

/** An ssh that answers as a machine would; what it was asked is in the file `asked`. */
async function ssh(answer: string): Promise<void> {
  await writeFile(join(box.folder, 'admin.conf'), ADMIN)
  const script = `#!/bin/sh
for word; do :; done
echo "$word" >'${box.folder}/asked'
${answer}
`
  await writeFile(join(box.folder, 'bin/ssh'), script, { mode: 0o755 })
}

const asked = () => readFile(join(box.folder, 'asked'), 'utf8')

test('kubeconfig asks the machine as root, and prints what is good here', async () => {
  await ssh(`cat '${box.folder}/admin.conf'`)
  const { code, stdout } = await box.run(['kubeconfig'], { env })
  expect(code).toBe(0)
  expect(stdout).toBe(fromHere(ADMIN, { host: '127.0.0.1', port: 6443 }))
  expect(await asked()).toBe('sudo -n kubernetes kubeconfig\n')
  await machine('other', 'root')
  expect((await box.run(['kubeconfig', 'other'], { env })).code).toBe(0)
  expect(await asked()).toBe('kubernetes kubeconfig\n')
})

test('env --kubectl: a file for its user alone; -u lets go of it, and of nothing else', async () => {
  await ssh(`cat '${box.folder}/admin.conf'`)
  const file = join(box.store, 'machines/box/kubeconfig')
  expect(JSON.parse((await box.run(['env', '--kubectl', '--json'], { env })).stdout)).toEqual({
    KUBECONFIG: file,
    PODMAN_MACHINE_NAME: 'box',
  })
  expect(await readFile(file, 'utf8')).toBe(fromHere(ADMIN, { host: '127.0.0.1', port: 6443 }))
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await box.run(['env', '-u', '--kubectl'])).stdout).toMatch(/^unset KUBECONFIG\n#/)
  expect((await box.run(['env', '-u'])).stdout).not.toContain('KUBECONFIG')
})

test('no cluster, no Kubernetes, no login, no running machine: told, with what the machine said', async () => {
  const lines: [answer: string, said: string][] = [
    [
      "printf 'kubernetes: no cluster runs here\\n  sudo kubernetes start\\n' >&2; exit 1",
      '"box": does not tell its kubeconfig\n  kubernetes: no cluster runs here\n    sudo kubernetes start\n',
    ],
    [
      'echo "sudo: kubernetes: command not found" >&2; exit 1',
      '"box": has no Kubernetes\n  to make one that has: podman-machine create --kubernetes NAME\n',
    ],
    [
      'echo "Permission denied (publickey)." >&2; exit 255',
      '"box": does not tell its kubeconfig\n  Permission denied (publickey).\n',
    ],
    ['exit 3', '"box": does not tell its kubeconfig\n  exit code 3\n'],
  ]
  for (const [answer, stderr] of lines) {
    await ssh(answer)
    for (const words of [['kubeconfig'], ['env', '--kubectl']]) {
      expect(await box.run([...words, 'box'], { env })).toEqual({ code: 1, stdout: '', stderr })
    }
  }
  server.close()
  expect(await box.run(['kubeconfig', 'box'], { env })).toMatchObject({
    code: 1,
    stderr:
      'Error: Cannot ask for its kubeconfig: Host "box" is not running\n  it is Stopped; to start it: podman-machine start box\n',
  })
})
