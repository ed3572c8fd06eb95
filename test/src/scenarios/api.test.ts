import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boot } from '../machines.ts'
import { type Ssh, sshAccess } from '../ssh.ts'

let box: Ssh
/** What the clients here are given instead of the user's own settings, keys and known machines. */
let env: Record<string, string>
beforeAll(async () => {
  box = await sshAccess()
  const home = join(box.folder, 'home')
  await mkdir(join(home, '.ssh'), { recursive: true })
  await writeFile(join(home, '.ssh/known_hosts'), '')
  env = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_RUNTIME_DIR: home,
    PATH: `${await box.commandFolder()}:${process.env.PATH}`,
    DOCKER_BUILDKIT: '0',
  }
})
afterAll(() => box[Symbol.asyncDispose]())

const ENGINES = [
  { user: 'root', socket: '/run/podman/podman.sock' },
  { user: 'tc', socket: '/run/user/1001/podman/podman.sock' },
]

const COMPOSE = `version: '3'
services:
  web:
    image: localhost/tiny
    command: [/bin/busybox, httpd, -f, -p, '8000', -h, /etc]
    hostname: web-of-compose
  asker:
    image: localhost/tiny
    command: [/bin/busybox, sleep, '1000']
    depends_on: [web]
`
const DOCKERFILE = `FROM localhost/tiny
COPY hello /hello
RUN ["/bin/busybox", "cp", "/hello", "/copied"]
`

const busybox = (...words: string[]) => ['/bin/busybox', ...words]
async function withTinyImage(machine: Machine, user: string): Promise<void> {
  await machine.run(
    'mkdir -p /tmp/tiny/bin /tmp/tiny/etc && cp "$(readlink -f "$(command -v busybox)")" /tmp/tiny/bin/busybox && ' +
      'tar -C /tmp/tiny -cf /tmp/tiny.tar .',
  )
  await machine.run(`${user === 'root' ? 'sudo ' : ''}podman import -q /tmp/tiny.tar localhost/tiny`)
}

test.each(ENGINES)('podman --remote and the engine of $user', async ({ user, socket }) => {
  await using machine = await boot({ ...box.spec, memory: 1024 })
  await box.hostKeys()
  await withTinyImage(machine, user)
  const where = ['--remote', '--url', `ssh://${user}@127.0.0.1:${box.port}${socket}`, '--identity', box.key]
  const podman = (...words: string[]) => run('podman', [...where, ...words], { env })

  expect(await podman('run', '--rm', 'localhost/tiny', ...busybox('echo', 'from afar'))).toBe('from afar\n')
  const rootless = await podman('info', '--format', '{{.Host.Security.Rootless}} {{.Host.RemoteSocket.Path}}')
  expect(rootless).toContain(`${user !== 'root'} `)
  await clientsWork(['podman', ...where], env)
})

test.each(ENGINES)(
  'docker over SSH, docker-compose, curl and the engine of $user',
  async ({ user, socket }) => {
    await using machine = await boot({ ...box.spec, memory: 1024 })
    await box.hostKeys()
    await withTinyImage(machine, user)
    // docker runs "docker system dial-stdio" in the machine.
    const host = { DOCKER_HOST: `ssh://${user}@box` }
    const docker = (...words: string[]) => run('docker', words, { env: { ...env, ...host } })

    expect(await docker('run', '--rm', 'localhost/tiny', ...busybox('echo', 'from afar'))).toBe('from afar\n')
    expect(await docker('version', '--format', '{{(index .Server.Components 0).Name}}')).toBe(
      'Podman Engine\n',
    )
    await clientsWork(['docker'], { ...env, ...host })

    await using forwarded = await box.forwardSocket(user, socket)
    const curl = (path: string) => run('curl', ['-sS', '--unix-socket', forwarded.path, `http://d${path}`])
    expect(await curl('/_ping')).toBe('OK')
    expect(JSON.parse(await curl('/v5.0.0/libpod/info')).host.security.rootless).toBe(user !== 'root')

    const project = join(box.folder, `project-${user}`)
    await mkdir(project)
    await writeFile(join(project, 'docker-compose.yml'), COMPOSE)
    const compose = (...words: string[]) =>
      run('docker-compose', words, {
        cwd: project,
        env: { ...env, DOCKER_HOST: `unix://${forwarded.path}`, COMPOSE_HTTP_TIMEOUT: '300' },
      })
    await compose('up', '-d')
    expect(await compose('ps', '--services', '--filter', 'status=running')).toBe('web\nasker\n')
    // A service finds another by its name.
    const asked = await compose('exec', '-T', 'asker', ...busybox('wget', '-qO-', 'http://web:8000/hostname'))
    expect(asked).toBe('web-of-compose\n')
    await compose('down', '-t', '0')
    expect(await docker('ps', '-aq')).toBe('')
    expect(await docker('network', 'ls', '--format', '{{.Name}}')).not.toContain(`project-${user}`)
  },
)

/** What podman and docker have in common. */
async function clientsWork([command = '', ...where]: string[], env: Record<string, string>): Promise<void> {
  const client = (...words: string[]) => run(command, [...where, ...words], { env })
  /** As typed at a terminal of 33 lines and 101 columns. */
  const clientAtTerminal = (...words: string[]) => {
    const line = [command, ...where, ...words].map((word) => `'${word}'`).join(' ')
    return run('script', ['-qec', `stty rows 33 cols 101; ${line}`, '/dev/null'], { env, input: '' })
  }

  // The log is followed to its end.
  await client(
    'run',
    '-d',
    '--name',
    'counter',
    'localhost/tiny',
    ...busybox('sh', '-c', 'busybox sleep 5; echo one; busybox sleep 2; echo two'),
  )
  expect(await client('logs', '-f', 'counter')).toBe('one\ntwo\n')
  expect(await client('wait', 'counter')).toBe('0\n')

  await client('run', '-d', '--name', 'place', 'localhost/tiny', ...busybox('sleep', '1000'))
  const atTerminal = await clientAtTerminal(
    'exec',
    '-it',
    'place',
    ...busybox('sh', '-c', 'busybox sleep 3; busybox tty; busybox stty size'),
  )
  expect(atTerminal.replaceAll('\r', '')).toContain('/dev/pts/0\n33 101\n')
  await expect(client('exec', 'place', ...busybox('sh', '-c', 'exit 7'))).rejects.toThrow('7')

  const folder = join(box.folder, `files-${performance.now()}`)
  await mkdir(folder)
  await writeFile(join(folder, 'hello'), 'hello from the host\n')
  await client('cp', join(folder, 'hello'), 'place:/etc/hello')
  await client('cp', 'place:/etc/hello', join(folder, 'back'))
  expect(await readFile(join(folder, 'back'), 'utf8')).toBe('hello from the host\n')

  await writeFile(join(folder, 'Dockerfile'), DOCKERFILE)
  // A podman on a host that has a seccomp.json names that file, which the machine does not have.
  const unconfined = command === 'podman' ? ['--security-opt', 'seccomp=unconfined'] : []
  await client('build', ...unconfined, '-t', 'localhost/built', folder)
  expect(await client('run', '--rm', 'localhost/built', ...busybox('cat', '/copied'))).toBe(
    'hello from the host\n',
  )

  // Those of the past and those to come, for as long as the client stays.
  const stop = new AbortController()
  const events: string[] = []
  const stream = ['events', '--since', '1h', '--filter', 'container=place', '--format', '{{.Status}}']
  const end = run(command, [...where, ...stream], {
    env,
    signal: stop.signal,
    onLine: (line) => events.push(line),
  }).catch(() => {})
  await client('kill', 'place')
  try {
    await expect.poll(() => events.join(' '), { timeout: 60_000 }).toMatch(/create .*start .*kill .*died?/)
  } finally {
    stop.abort()
    await end
  }
  await client('rm', '-f', 'counter', 'place')
}

/** In kB, once what the kernel keeps for itself has settled. */
async function available(machine: Machine): Promise<number> {
  await machine.run('sync; echo 3 | sudo tee /proc/sys/vm/drop_caches >/dev/null; sleep 2')
  return Number(await machine.run(`sed -n 's/^MemAvailable: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo`))
}

const podmans = (machine: Machine) => machine.run('pgrep -x podman || true')
const leaves = (machine: Machine) =>
  machine.run(
    'for i in $(seq 120); do pgrep -x podman >/dev/null || break; sleep 0.5; done; pgrep -x podman || true',
  )

test('nothing of Podman runs before the first connection, nor after the last', async () => {
  await using machine = await boot({ ...box.spec, memory: 512 })
  await box.hostKeys()
  expect(await machine.run('sudo stat -c "%a %U %F" /run/podman /run/podman/podman.sock')).toBe(
    '700 root directory\n600 root socket\n',
  )
  expect(await machine.run('stat -c "%a %U %F" /run/user/1001/podman/podman.sock')).toBe('600 tc socket\n')
  expect(await machine.run('readlink /run/docker.sock')).toBe('/run/podman/podman.sock\n')
  expect(await podmans(machine)).toBe('')

  // What is loaded once stays: compared are the second time and the ones after it.
  const ask = async (user: string, socket: string) => {
    await using forwarded = await box.forwardSocket(user, socket)
    expect(await run('curl', ['-sS', '--unix-socket', forwarded.path, 'http://d/_ping'])).toBe('OK')
  }
  for (const { user, socket } of ENGINES) await ask(user, socket)
  expect(await podmans(machine)).not.toBe('')
  expect(await leaves(machine)).toBe('')
  const before = await available(machine)
  for (let time = 0; time < 2; time++) {
    for (const { user, socket } of ENGINES) await ask(user, socket)
    expect(await leaves(machine)).toBe('')
  }
  expect(before - (await available(machine))).toBeLessThan(4096)

  // Root's engine is root's: who may write to its socket is root.
  const refused = box.ssh('tc', 'podman --remote --url unix:///run/podman/podman.sock info')
  await expect(refused).rejects.toThrow(/permission denied/)
  await expect(box.throughSocket('tc', '/run/docker.sock', 'GET /_ping HTTP/1.0\r\n\r\n')).resolves.toBe('')
})

test('who connects while the service leaves is answered', async () => {
  await using machine = await boot({ ...box.spec, memory: 512 })
  await box.hostKeys()
  await using forwarded = await box.forwardSocket('root', '/run/podman/podman.sock')
  const ask = () => run('curl', ['-sS', '--unix-socket', forwarded.path, 'http://d/_ping'])
  expect(await ask()).toBe('OK')
  const first = await podmans(machine)
  // Each goes at a moment of its own, from before the service has been idle for 30 s until it is gone.
  await sleep(29_000)
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      await sleep(index * 40)
      return ask()
    }),
  )
  expect(answers).toEqual(Array.from({ length: 100 }, () => 'OK'))
  expect(first).not.toBe('')
})
