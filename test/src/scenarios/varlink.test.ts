import { mkdtemp, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheFolder, run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { everyCall, of, type Parameters, TINY } from '../io-podman-calls.ts'
import { boot } from '../machines.ts'
import { type Ssh, sshAccess } from '../ssh.ts'
import { type Json, parseInterface, type Reply, replyMistakes, Varlink } from '../varlink.ts'

const SOCKET = '/run/podman/io.podman'
const REPOSITORY = join(import.meta.dirname, '../../../dist/tcz')
const DESCRIPTION = join(import.meta.dirname, '../../../packages/podman/varlink/iopodman/io.podman.varlink')

let box: Ssh
let machine: Machine
let socket: Awaited<ReturnType<Ssh['forwardSocket']>>
beforeAll(async () => {
  box = await sshAccess()
})
afterAll(async () => {
  await socket?.[Symbol.asyncDispose]()
  await machine?.kill()
  await box[Symbol.asyncDispose]()
})

/** A connection to io.podman of the one machine that these tests share. */
async function service(): Promise<Varlink> {
  if (socket === undefined) {
    machine = await boot({ ...box.spec, memory: 1024 })
    await box.hostKeys()
    await tinyImage(machine)
    socket = await box.forwardSocket('root', SOCKET)
  }
  return await Varlink.connect(socket.path)
}

test('every method answers, and as the interface description says', async () => {
  const text = await readFile(DESCRIPTION, 'utf8')
  const description = parseInterface(text)
  const blank = (name: string): Parameters => {
    const type = description.types.get(name)
    if (type?.kind !== 'struct') throw new Error(`${name} is no structure`)
    const values = { bool: false, int: 0, float: 0, string: '', array: [], map: {}, object: {} }
    return Object.fromEntries(
      type.fields.flatMap(({ name, type }): [string, Json][] => {
        if (type.kind === 'maybe') return []
        return [[name, type.kind === 'alias' ? blank(type.name) : values[type.kind as keyof typeof values]]]
      }),
    )
  }
  const registry = `10.0.2.2:${inject('registryPort')}`
  const calls = everyCall(registry, blank)
  expect([...new Set(calls.map((call) => call.method))].sort()).toEqual(
    [...description.methods.keys()].sort(),
  )

  using varlink = await service()
  const described = await varlink.call('org.varlink.service.GetInterfaceDescription', {
    interface: 'io.podman',
  })
  expect(described.parameters?.description).toBe(text)
  await machine.run(`sudo sh -c 'mkdir -p /etc/containers/registries.conf.d /tmp/context; cd /tmp/context
printf "[[registry]]\\nlocation = \\"${registry}\\"\\ninsecure = true\\n" >/etc/containers/registries.conf.d/test.conf
printf "FROM ${TINY}\\nLABEL grown=yes\\n" >Containerfile; tar -cf /tmp/context.tar Containerfile'`)

  const earlier = new Map<string, Reply>()
  const surprises: string[] = []
  for (const { method, parameters = {}, error, more, upgrade } of calls) {
    const given = typeof parameters === 'function' ? parameters(earlier) : parameters
    const connection = upgrade ? await service() : varlink
    connection.send(`io.podman.${method}`, given, { ...(more && { more }), ...(upgrade && { upgrade }) })
    for (let continues = true; continues; ) {
      const reply = await connection.reply()
      if (!reply) throw new Error(`${method}: the connection was closed`)
      earlier.set(method, reply)
      surprises.push(...replyMistakes(description, method, reply))
      if (reply.error !== error && (!reply.continues || reply.error))
        surprises.push(`${method}: ${JSON.stringify(reply)} instead of ${error ?? 'a reply'}`)
      continues = reply.continues ?? false
    }
    if (upgrade) connection[Symbol.dispose]()
  }
  expect(surprises).toEqual([])

  // What the types do not tell.
  expect(earlier.get('ImageExists')?.parameters).toEqual({ exists: 1 })
  expect(earlier.get('ContainerExists')?.parameters).toEqual({ exists: 0 })
  expect(earlier.get('GetContainerLogs')?.parameters).toEqual({ container: ['fallen\n'] })
  expect(earlier.get('HealthCheckRun')?.parameters).toEqual({ healthCheckStatus: 'healthy' })
  expect(earlier.get('Top')?.parameters).toEqual({ top: ['PID\tCOMMAND', '1\t/bin/busybox sleep 1000'] })
  expect(earlier.get('VolumeRemove')?.parameters).toMatchObject({ successes: ['sap'] })
  expect(Object.keys(earlier.get('VolumeRemove')?.parameters?.failures ?? {})).toEqual(['x'])
  expect(earlier.get('GetContainer')?.parameters?.container).toMatchObject({
    names: 'oak',
    image: TINY,
    command: ['/bin/busybox', 'sleep', '1000'],
    labels: { kind: 'tree', leaf: 'green' },
    containerrunning: true,
  })
})

test('parameters that are wrong are named, and what is not there is told', async () => {
  using varlink = await service()
  const wrong = async (method: string, parameters: Parameters) => {
    const { error, parameters: what } = await varlink.call(method, parameters)
    return [error?.split('.').pop(), ...Object.values(what ?? {})]
  }
  expect(await wrong('io.podman.GetPod', {})).toEqual(['InvalidParameter', 'name'])
  expect(await wrong('io.podman.GetPod', { name: 1 })).toEqual(['InvalidParameter', 'name'])
  expect(await wrong('io.podman.GetPod', { name: null })).toEqual(['InvalidParameter', 'name'])
  expect(await wrong('io.podman.GetPod', { name: 'x', Name: 'y' })).toEqual(['InvalidParameter', 'Name'])
  expect(await wrong('io.podman.ListPods', { x: 1 })).toEqual(['InvalidParameter', 'x'])
  expect(await wrong('io.podman.Ps', { opts: { all: true, last: 1.5 } })).toEqual([
    'InvalidParameter',
    'opts.last',
  ])
  expect(await wrong('io.podman.GetVolumes', { all: false, args: ['a', 1] })).toEqual([
    'InvalidParameter',
    'args',
  ])
  expect(await wrong('io.podman.StopContainer', { name: 'x', timeout: -1 })).toEqual([
    'InvalidParameter',
    'timeout',
  ])
  expect(await wrong('io.podman.Nothing', {})).toEqual(['MethodNotFound', 'io.podman.Nothing'])
  expect(await wrong('io.nothing.Nothing', {})).toEqual(['InterfaceNotFound', 'io.nothing'])
})

const pid = async () => (await machine.run('pidof io.podman')).trim()

test('what is no varlink ends its own connection, and nothing else', async () => {
  using other = await service()
  const before = await pid()
  const sent = async (bytes: string | Buffer) => {
    using varlink = await service()
    varlink.socket.write(bytes)
    varlink.socket.end()
    return await varlink.reply()
  }
  for (const message of [
    '{"method":\0',
    '[]\0',
    '"io.podman.GetVersion"\0',
    '\0',
    '\xff\xfe\0',
    '{'.repeat(100_000),
  ])
    expect(await sent(message), message.slice(0, 30)).toBeUndefined()
  // Without its NUL it is no message yet; with 20 MB it will never be one.
  expect(await sent('{"method":"io.podman.GetVersion"}')).toBeUndefined()
  expect(await sent(Buffer.alloc(20 << 20, 'x'))).toBeUndefined()
  // Bytes that follow an upgrade which was refused are no calls.
  using upgrade = await service()
  upgrade.send('io.podman.GetVersion', {}, { upgrade: true })
  upgrade.socket.write('plain bytes\0')
  expect((await upgrade.reply())?.parameters).toMatchObject({ version: expect.any(String) })
  expect(await upgrade.reply()).toBeUndefined()
  // Nobody waits for one who does not read.
  using deaf = await service()
  deaf.socket.pause()
  for (let i = 0; i < 2000; i++)
    deaf.send('org.varlink.service.GetInterfaceDescription', { interface: 'io.podman' })
  expect(await other.call('io.podman.ContainerExists', of('nobody'))).toEqual({ parameters: { exists: 1 } })
  expect(await pid()).toBe(before)
})

test('what chance makes of calls is answered or ends the connection', async () => {
  using other = await service()
  const before = await pid()
  const seed = Date.now() % 1_000_000
  let state = seed
  const below = (limit: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * limit)
  }
  const call =
    '{"method":"io.podman.GetContainersByContext","parameters":{"all":true,"latest":false,"args":["a"]}}\0'
  const end = Date.now() + 15_000
  while (Date.now() < end) {
    const bytes = Buffer.from(call)
    for (let changes = below(4); changes >= 0; changes--) bytes[below(bytes.length)] = below(256)
    using varlink = await service()
    varlink.socket.write(bytes)
    varlink.socket.end()
    const reply = await varlink.reply()
    if (reply)
      expect(Object.keys(reply).join(), `seed ${seed}`).toMatch(/^(parameters|error|parameters,error)?$/)
  }
  expect(await machine.run('b2p-logs podman'), `seed ${seed}`).not.toContain('goroutine')
  expect(await pid(), `seed ${seed}`).toBe(before)
  expect(await other.call('io.podman.ContainerExists', of('nobody'))).toEqual({ parameters: { exists: 1 } })
})

test('100 calls at once lose nothing and mix nothing, over one connection and over 20', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `nobody-${index}`)
  const asked = async (varlink: Varlink, some: string[]) => {
    for (const id of some) varlink.send('io.podman.GetContainer', { id })
    const replies: (Json | undefined)[] = []
    for (const _ of some) replies.push((await varlink.reply())?.parameters?.id)
    expect(replies).toEqual(some)
  }
  using one = await service()
  await asked(one, names)
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      using varlink = await service()
      await asked(varlink, names.slice(5 * index, 5 * index + 5))
    }),
  )
})

test('who leaves in a stream frees it', async () => {
  using varlink = await service()
  await varlink.call('io.podman.GetVersion')
  const files = async () => Number(await machine.run(`sudo ls /proc/${await pid()}/fd | wc -l`))
  await sleep(15_000)
  const before = await files()
  // By a way of their own: whoever closes a forwarded connection has, for the other end, only nothing more to say.
  const way = await box.forwardSocket('root', SOCKET)
  const leaving = await Promise.all(Array.from({ length: 5 }, () => Varlink.connect(way.path)))
  for (const one of leaving) {
    one.send('io.podman.GetEvents', { filter: [], since: '2020-01-01T00:00:00Z', until: '' }, { more: true })
    expect((await one.reply())?.continues).toBe(true)
  }
  expect(await files()).toBeGreaterThan(before)
  await way[Symbol.asyncDispose]()
  await expect.poll(files, { timeout: 30_000 }).toBeLessThanOrEqual(before)
})

test('10,000 calls leave memory where it was', async () => {
  const resident = async () =>
    Number(await machine.run(`awk '/^VmRSS/ { print $2 }' /proc/${await pid()}/status`))
  const calls = async (count: number) => {
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        using varlink = await service()
        for (let i = 0; i < count / 10; i += 50) {
          for (let j = 0; j < 50; j++)
            varlink.send('io.podman.ContainerExists', of(`nobody-${index}-${i + j}`))
          for (let j = 0; j < 50; j++) expect(await varlink.reply()).toEqual({ parameters: { exists: 1 } })
        }
      }),
    )
  }
  // A new one: an older one may give back while it is measured what earlier tests made it take.
  ;(await service())[Symbol.dispose]()
  await machine.run(`sudo kill ${await pid()}`)
  await calls(1000)
  const before = await resident()
  await calls(10_000)
  expect(await resident()).toBeLessThanOrEqual(before * 1.1)
})

test('by the resolver, over a bridge, without root, and as podman-remote 1.x starts it', async () => {
  ;(await service())[Symbol.dispose]()
  const at = async (user: string, command: string) => await box.ssh(user, command)
  expect(await at('tc', 'varlink resolve io.podman')).toBe('unix:/run/podman/io.podman\n')
  expect(JSON.parse(await at('tc', 'sudo varlink call io.podman.GetVersion'))).toMatchObject({
    os_arch: 'linux/amd64',
  })
  const call = `printf '{"method":"io.podman.GetVersion"}\\0'`
  expect(await at('tc', `${call} | sudo varlink bridge | cat`)).toContain('"os_arch":"linux/amd64"')
  expect(await at('tc', 'varlink call unix:/run/user/1001/podman/io.podman/io.podman.GetVersion')).toContain(
    'linux/amd64',
  )
  expect(await at('tc', 'varlink --bridge "sudo varlink bridge" call io.podman.ListContainers')).toContain(
    '"containers"',
  )
  const many = `for i in $(seq 100); do printf '{"method":"io.podman.GetContainer","parameters":{"id":"n%s"}}\\0' $i; done`
  const answers = (await at('tc', `${many} | sudo varlink bridge | cat`)).split('\0').slice(0, -1)
  expect(answers.map((answer) => JSON.parse(answer).parameters.id)).toEqual(
    Array.from({ length: 100 }, (_, index) => `n${index + 1}`),
  )
  // What follows an upgrade passes a bridge to one address, as long as the client stays.
  const receive = `printf '{"method":"io.podman.ReceiveFile","parameters":{"path":"/etc/hostname","delete":false},"upgrade":true}\\0'`
  expect(await at('tc', `(${receive}; sleep 3) | sudo varlink bridge --connect unix:${SOCKET} | cat`)).toBe(
    '{"parameters":{"len":4}}\0box\n',
  )
  const activated =
    "sudo varlink -A 'podman --log-level=error varlink $VARLINK_ADDRESS' call io.podman.GetVersion"
  expect(await at('tc', activated)).toContain('linux/amd64')
})

/** Calls with an upgrade, and returns what follows the reply until the service hangs up. */
async function upgraded(method: string, parameters: Parameters, bytes: Buffer, hangUp = true) {
  const client = connect(socket.path)
  const call = { method: `io.podman.${method}`, parameters, upgrade: true }
  client.write(Buffer.concat([Buffer.from(`${JSON.stringify(call)}\0`), bytes]))
  if (hangUp) client.end()
  const answer = await buffer(client)
  client.destroy()
  const end = answer.indexOf(0)
  return { reply: JSON.parse(answer.toString('utf8', 0, end)).parameters, bytes: answer.subarray(end + 1) }
}

// Podman 1's frames after an upgrade: what it is, three zero bytes, the length, most significant byte first.
const STDOUT = 0
const STDIN = 1
const STDERR = 2
const RESIZE = 3
const QUIT = 4
const HANG_UP = 5

function frame(kind: number, data: string): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(kind)
  header.writeUInt32BE(Buffer.byteLength(data), 4)
  return Buffer.concat([header, Buffer.from(data)])
}

/** What the frames of each kind say together. */
function saidBy(bytes: Buffer): (kind: number) => Buffer {
  const frames: [number, Buffer][] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4)
    frames.push([bytes.readUInt8(at), bytes.subarray(at + 8, at + 8 + length)])
    at += 8 + length
  }
  return (kind) => Buffer.concat(frames.filter(([one]) => one === kind).map(([, data]) => data))
}

test('what follows an upgrade: a file there and back, the output of a command and its exit code', async () => {
  ;(await service())[Symbol.dispose]()
  const file = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251))
  const sent = await upgraded('SendFile', { type: '', length: file.length }, file)
  const path = sent.bytes.toString().replace(/:$/, '')
  expect(path).toBe(sent.reply.file_handle)
  const received = await upgraded('ReceiveFile', { path, delete: true }, Buffer.alloc(0))
  expect(received.reply).toEqual({ len: file.length })
  expect(received.bytes.equals(file)).toBe(true)

  // An earlier test removed what nobody used.
  await tinyImage(machine)
  using varlink = await service()
  const args = [TINY, '/bin/busybox', 'sleep', '1000']
  expect(
    (await varlink.call('io.podman.CreateContainer', { create: { args, name: 'birch' } })).error,
  ).toBeUndefined()
  expect((await varlink.call('io.podman.StartContainer', of('birch'))).error).toBeUndefined()
  const cmd = ['/bin/busybox', 'sh', '-c', 'echo out; echo err >&2; exit 7']
  const opts = { name: 'birch', tty: false, privileged: false, cmd }
  const { bytes } = await upgraded('ExecContainer', { opts }, Buffer.alloc(0), false)
  const said = saidBy(bytes)
  expect(said(STDOUT).toString()).toBe('out\n')
  expect(said(STDERR).toString()).toBe('err\n')
  expect(said(QUIT).readUInt32BE()).toBe(7)

  // At a terminal: its size, and what is typed.
  const shell = { name: 'birch', tty: true, privileged: false, cmd: ['/bin/busybox', 'sh'] }
  const typing = [frame(RESIZE, '{"Width":99,"Height":33}'), frame(STDIN, '/bin/busybox stty size; exit 3\n')]
  const terminal = saidBy(
    (await upgraded('ExecContainer', { opts: shell }, Buffer.concat(typing), false)).bytes,
  )
  expect(terminal(STDOUT).toString()).toMatch(/^33 99\r$/m)
  expect(terminal(QUIT).readUInt32BE()).toBe(3)
})

test('attached to a container: what it is told, what it says, how it ended', async () => {
  using varlink = await service()
  await tinyImage(machine)
  const args = [TINY, '/bin/busybox', 'sh', '-c', 'read word; echo got $word; /bin/busybox cat >&2; exit 5']
  const create = { args, name: 'cedar', interactive: true }
  expect((await varlink.call('io.podman.CreateContainer', { create })).error).toBeUndefined()
  const input = Buffer.concat([frame(STDIN, 'acorn\n'), frame(STDIN, 'the rest'), frame(HANG_UP, '')])
  const parameters = { name: 'cedar', detachKeys: '', start: true }
  const said = saidBy((await upgraded('Attach', parameters, input, false)).bytes)
  expect(said(STDOUT).toString()).toBe('got acorn\n')
  expect(said(STDERR).toString()).toBe('the rest')
  expect(said(QUIT).readUInt32BE()).toBe(5)
})

test('the varlink tool on the host, over SSH', async () => {
  ;(await service())[Symbol.dispose]()
  const folder = await mkdtemp(join(box.folder, 'varlink-'))
  for (const name of ['varlink', 'glibc', 'libgcc']) {
    const tcz = join(REPOSITORY, `${name}.tcz`)
    await run('unsquashfs', ['-q', '-n', '-no-xattrs', '-f', '-d', folder, tcz])
  }
  const options = { env: { PATH: `${await box.commandFolder()}:${process.env.PATH}` } }
  // The machine's C library may be newer than the host's, so it comes along.
  const libraries = join(folder, 'usr/lib/x86_64-linux-gnu')
  const start = ['--library-path', libraries, join(folder, 'usr/local/bin/varlink')]
  const varlink = (...words: string[]) =>
    run(join(libraries, 'ld-linux-x86-64.so.2'), [...start, ...words], options)
  for (const bridge of ['ssh root@box varlink bridge', 'ssh tc@box sudo varlink bridge']) {
    expect(await varlink('--bridge', bridge, 'call', 'io.podman.ListContainers')).toContain('"containers"')
    expect(await varlink('--bridge', bridge, 'call', 'io.podman.GetVersion')).toContain('"linux/amd64"')
  }
})

test("Python's client", async () => {
  const packages = cacheFolder('test', 'python-varlink-31.0.0')
  await run('python3', ['-m', 'pip', 'install', '-q', '--target', packages, '--upgrade', 'varlink==31.0.0'])
  const script = `
import json, sys, varlink
with varlink.Client.new_with_address("unix:" + sys.argv[1]) as client, client.open("io.podman") as podman:
    version = podman.GetVersion()
    try:
        podman.GetContainer("nobody")
    except varlink.VarlinkError as error:
        print(json.dumps([version["remote_api_version"], error.error(), error.parameters()["id"]]))
`
  ;(await service())[Symbol.dispose]()
  const options = { env: { ...process.env, PYTHONPATH: packages } }
  const answer = await run('python3', ['-c', script, socket.path], options)
  expect(JSON.parse(answer)).toEqual([1, 'io.podman.ContainerNotFound', 'nobody'])
})
