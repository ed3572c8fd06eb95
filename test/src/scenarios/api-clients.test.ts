import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'
import { type Ssh, sshAccess } from '../ssh.ts'

const IMAGE = 'localhost/tiny'
const SH = ['/bin/busybox', 'sh', '-c']
const USERS = [
  { user: 'root', folder: '/run/podman' },
  { user: 'tc', folder: '/run/user/1001/podman' },
]

let box: Ssh
let machine: Machine
/** What a client runs with: `ssh` on its way leads to the machine, and nothing of the host's own settings is read. */
let env: Record<string, string>
beforeAll(async () => {
  box = await sshAccess()
  const home = join(box.folder, 'home')
  await mkdir(home)
  // BuildKit is Docker's own builder, beside its engine.
  env = { PATH: `${await box.commandFolder()}:${process.env.PATH}`, HOME: home, DOCKER_BUILDKIT: '0' }
})
afterAll(async () => {
  await machine?.kill()
  await box[Symbol.asyncDispose]()
})

async function booted(): Promise<void> {
  if (machine !== undefined) return
  machine = await boot({ ...box.spec, memory: 1024 })
  const known = Object.entries(await box.hostKeys()).map(
    ([type, key]) => `[127.0.0.1]:${box.port} ${type} ${key}\n`,
  )
  await mkdir(join(box.folder, 'home/.ssh'), { recursive: true })
  await writeFile(join(box.folder, 'home/.ssh/known_hosts'), known.join(''))
  await tinyImage(machine)
  await machine.run(`sudo podman save ${IMAGE} | podman load -q`, { timeout: 60 })
}

/** The words before a client's own: who it asks. */
function asks(client: string, user: string, folder: string): string[] {
  if (client === 'docker') return ['docker', '-H', `ssh://${user}@box`]
  const url = `ssh://${user}@127.0.0.1:${box.port}${folder}/podman.sock`
  return ['podman', '--remote', '--url', url, '--identity', box.key]
}

test.each(['podman', 'docker'])('%s on the host, for root and for tc', async (client) => {
  await booted()
  for (const { user, folder } of USERS) {
    const [program = '', ...rest] = asks(client, user, folder)
    const rootless = client === 'podman' ? '{{.Host.Security.Rootless}}' : '{{.SecurityOptions}}'
    const said = await run(program, [...rest, 'info', '--format', rootless], { env })
    expect(/true|rootless/.test(said)).toBe(user === 'tc')
  }
})

// Both of each, and all that they do: the API is the same for both users.
describe.each(
  USERS.map(({ user, folder }, index) => ({ client: ['podman', 'docker'][index] ?? '', user, folder })),
)('$client on the host, for $user', ({ client, user, folder }) => {
  const line = (...args: string[]) => [...asks(client, user, folder), ...args]
  const ask = async (...args: string[]) => {
    const [program = '', ...rest] = line(...args)
    return await run(program, rest, { env })
  }
  const name = `${client}-${user}`

  test('run, exec with a terminal, logs -f', async () => {
    await booted()
    expect(await ask('run', '--rm', IMAGE, ...SH, 'echo hello; exit 0')).toContain('hello\n')
    const failed = await ask('run', '--rm', IMAGE, ...SH, 'exit 7').catch((error: Error) => error.message)
    expect(failed).toContain('exit code 7')

    // Each line waits for the one before it to have been read.
    const talk = 'for n in 1 2 3; do echo line $n; until [ -e /$n ]; do /bin/busybox sleep 0.1; done; done'
    await ask('run', '-d', '--name', name, IMAGE, ...SH, `${talk}; exec /bin/busybox sleep 1000`)
    const stop = new AbortController()
    const lines: string[] = []
    const [program = '', ...rest] = line('logs', '-f', name)
    const follow = run(program, rest, {
      env,
      signal: stop.signal,
      onLine: (one) => lines.push(one.trim()),
    }).catch(() => {})
    for (const count of [1, 2, 3]) {
      await expect.poll(() => lines.filter((one) => one.startsWith('line')).length, WAIT).toBe(count)
      await ask('exec', name, ...SH, `: >/${count}`)
    }
    stop.abort()
    await follow
    expect(lines).toEqual(['line 1', 'line 2', 'line 3'])

    // A person at a terminal of 33 lines, who types.
    const shell = [...line('exec', '-it', name), '/bin/busybox', 'sh'].join(' ')
    const typed = `stty rows 33 cols 99; exec ${shell}`
    const seen = await run('script', ['-qec', typed, '/dev/null'], {
      env: { ...env, SHELL: '/bin/sh' },
      // The clients tell the size some time after the start.
      input:
        '/bin/busybox tty\n' +
        'for i in 1 2 3 4 5 6 7 8 9; do [ "$(/bin/busybox stty size)" = "33 99" ] || /bin/busybox sleep 1; done\n' +
        '/bin/busybox stty size\nexit\n',
    })
    expect(seen).toMatch(/\/dev\/pts\/0\r?\n/)
    expect(seen).toMatch(/33 99\r?\n/)
  })

  test('cp, both ways', async () => {
    const here = await mkdtemp(join(box.folder, 'cp-'))
    await mkdir(join(here, 'folder'))
    await writeFile(join(here, 'folder/one'), 'one\n')
    await writeFile(join(here, 'folder/two'), 'two\n', { mode: 0o750 })
    await ask('cp', join(here, 'folder'), `${name}:/there`)
    expect(await ask('exec', name, '/bin/busybox', 'stat', '-c', '%a', '/there/two')).toContain('750\n')
    await ask('cp', `${name}:/there`, join(here, 'back'))
    expect(await readFile(join(here, 'back/one'), 'utf8')).toBe('one\n')
    await ask('cp', `${name}:/there/two`, join(here, 'two'))
    expect(await readFile(join(here, 'two'), 'utf8')).toBe('two\n')
  })

  test('build, with the files of a folder on the host', async () => {
    const here = await mkdtemp(join(box.folder, 'build-'))
    await writeFile(join(here, 'word'), `built by ${name}\n`)
    await writeFile(
      join(here, 'Dockerfile'),
      `FROM ${IMAGE}\nCOPY word /word\nRUN ["/bin/busybox", "cp", "/word", "/copy"]\nCMD ["/bin/busybox", "cat", "/copy"]\n`,
    )
    await ask('build', '-t', `localhost/${name}`, here)
    expect(await ask('run', '--rm', `localhost/${name}`)).toContain(`built by ${name}\n`)
  })

  test('events, as they come and as they were', async () => {
    const since = (await machine.run('date +%s')).trim()
    const lines: string[] = []
    const stop = new AbortController()
    const only = ['--filter', 'event=start', '--filter', `container=${name}-2`]
    const [program = '', ...rest] = line('events', ...only)
    const events = run(program, rest, {
      env,
      signal: stop.signal,
      onLine: (one) => lines.push(one),
    }).catch(() => {})
    // Until it listens, each new container may be missed.
    await expect
      .poll(async () => {
        await ask('run', '--rm', '--name', `${name}-2`, IMAGE, ...SH, ':')
        return lines.join('\n')
      }, WAIT)
      .toContain('start')
    stop.abort()
    await events
    await machine.run('sleep 1')
    const until = (await machine.run('date +%s')).trim()
    const past = await ask('events', '--since', since, '--until', until, '--filter', `container=${name}-2`)
    expect(past).toContain(' start ')
    expect(past).toMatch(/ (died|die) /)
    await ask('rm', '-f', name)
  })
})

const WAIT = { timeout: 60_000, interval: 200 }

test.each(USERS)('compose, by the socket of $user', async ({ user, folder }) => {
  await booted()
  await using socket = await box.forwardSocket(user, `${folder}/podman.sock`)
  const here = await mkdtemp(join(box.folder, 'compose-'))
  await writeFile(
    join(here, 'docker-compose.yml'),
    `version: "3"
services:
  web:
    image: ${IMAGE}
    command: [/bin/busybox, sh, -c, '/bin/busybox mkdir /www; echo served by web >/www/index.html; exec /bin/busybox httpd -f -h /www']
  asks:
    image: ${IMAGE}
    depends_on: [web]
    command: [/bin/busybox, sh, -c, 'until /bin/busybox wget -q -O - http://web; do /bin/busybox sleep 0.2; done']
`,
  )
  const compose = (...args: string[]) =>
    run('docker-compose', ['--ansi', 'never', ...args], {
      cwd: here,
      env: { ...env, DOCKER_HOST: `unix://${socket.path}`, COMPOSE_PROJECT_NAME: `compose${user}` },
    })
  await compose('up', '-d')
  await expect.poll(() => compose('logs', 'asks'), WAIT).toContain('served by web')
  expect(await compose('ps')).toMatch(/web.* Up\b/)
  await compose('down', '-t', '0')
  expect(await machine.run(`${user === 'tc' ? '' : 'sudo '}podman ps -aq`)).toBe('')
})
