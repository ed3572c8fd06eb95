import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'
import { podmanMachine } from '../podman-machine.ts'
import { sshAccess } from '../ssh.ts'

const access = await sshAccess()
afterAll(() => access[Symbol.asyncDispose]())

test('a host that is there already, as root and as a user without root, in each shell', async () => {
  await using tool = await podmanMachine()
  await using machine = await boot({ ...access.spec, memory: 1024 })
  await access.hostKeys()
  await tinyImage(machine)
  await machine.run('sudo podman save localhost/tiny | podman load -q', { timeout: 60 })

  const create = (user: string, ...more: string[]) => {
    const flags = { 'ip-address': '127.0.0.1', 'ssh-port': String(access.port), 'ssh-user': user }
    const words = Object.entries(flags).flatMap(([name, value]) => [`--generic-${name}`, value])
    return tool.outcome('create', '-d', 'generic', ...words, '--generic-ssh-key', access.key, ...more)
  }
  expect(await create('nobody', 'wrong')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      `nobody@127.0.0.1:${access.port}: cannot be logged in to by SSH with a key`,
    ),
  })
  for (const user of ['root', 'tc']) {
    expect(await create(user, user)).toMatchObject({ code: 0, stderr: '' })
  }
  expect(await tool.ok('ls', '-f', '{{.Name}} {{.DriverName}} {{.State}} {{.URL}}')).toBe(
    'root generic Running tcp://127.0.0.1\ntc generic Running tcp://127.0.0.1\n',
  )

  // What a person types into each shell; then the same for all.
  const shells = {
    bash: 'eval "$(podman-machine env NAME)"',
    zsh: 'eval $(podman-machine env --shell zsh NAME)',
    fish: 'podman-machine env --shell fish NAME | source',
    tcsh: 'eval `podman-machine env --shell tcsh NAME`',
  }
  const run = 'run --rm localhost/tiny /bin/busybox echo hello'
  const asUser = Object.keys(shells).map((shell) => [shell, 'tc', 'true'] as const)
  for (const [shell, name, rootless] of [...asUser, ['bash', 'root', 'false'] as const]) {
    const lines = [
      shells[shell as keyof typeof shells].replace('NAME', name),
      'podman --remote info --format "{{.Host.Security.Rootless}}"',
      `docker ${run}`,
      'podman-machine active',
    ]
    const script = join(tool.home, 'script')
    await writeFile(script, `${lines.join('\n')}\n`)
    expect(await tool.bash(`${shell} ${script}`), shell).toBe(`${rootless}\nhello\n${name}\n`)
  }
  expect(await tool.bash('eval "$(podman-machine env tc)"; sh -c "$PODMAN_VARLINK_BRIDGE" </dev/null')).toBe(
    '',
  )
  expect(await tool.bash(`podman --remote --connection tc ${run}`)).toContain('hello\n')

  // From one to the other, through here.
  await tool.ok('scp', '-q', 'root:/etc/os-release', 'tc:/tmp/copied')
  expect(await tool.ok('ssh', 'tc', 'cat', '/tmp/copied')).toContain('ID=boot2podman\n')
  expect(await tool.ok('version', 'tc')).toMatch(/^5\.\d+\.\d+\n$/)

  const hosts = tool.machineFile('tc', 'known_hosts')
  const known = await readFile(hosts, 'utf8')
  const other = await readFile(`${access.key}.pub`, 'utf8')
  await writeFile(hosts, `tc ${other.split(' ').slice(0, 2).join(' ')}\n`)
  expect(await tool.outcome('ssh', 'tc', 'true')).toMatchObject({
    code: 255,
    stderr: expect.stringContaining('REMOTE HOST IDENTIFICATION HAS CHANGED'),
  })
  expect(await tool.outcome('provision', 'tc')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"tc" has another host key than before'),
  })
  await writeFile(hosts, known)

  for (const verb of ['start', 'stop', 'kill', 'restart']) {
    expect(await tool.outcome(verb, 'tc'), verb).toMatchObject({ code: 1 })
  }
  expect(await tool.ok('rm', '-y', 'tc', 'root')).toContain('Successfully removed root\n')
  expect(await tool.bash('podman system connection list --format "{{.Name}}"')).toBe('')
  expect(await machine.run('echo still here')).toBe('still here\n')
})
