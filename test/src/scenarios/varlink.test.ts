import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheFolder, run } from '@boot2podman/kit'
import type { Machine } from '@boot2podman/qemu'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { boot } from '../machines.ts'
import { type Ssh, sshAccess } from '../ssh.ts'
import { type Json, parseInterface, type Reply, replyMistakes, Varlink } from '../varlink.ts'

const SOCKET = '/run/podman/io.podman'
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

type Parameters = { [name: string]: Json }
interface Call {
  method: string
  parameters?: Parameters | ((earlier: Map<string, Reply>) => Parameters)
  /** The error that is the right answer. */
  error?: string
  more?: true
  /** On a connection of its own, which is given up then. */
  upgrade?: true
}

const NOT_IMPLEMENTED = 'org.varlink.service.MethodNotImplemented'
const TINY = 'localhost/tiny:latest'
const of = (name: string): Parameters => ({ name })

function table(registry: string, blank: (type: string) => Parameters): Call[] {
  const text = (earlier: Map<string, Reply>, method: string, ...path: string[]): string => {
    let value: Json | undefined = earlier.get(method)?.parameters
    for (const name of path) value = (value as Parameters)[name]
    return value as string
  }
  const create = (name: string, ...command: string[]): Parameters => ({
    create: {
      args: [TINY, '/bin/busybox', ...command],
      name,
      healthcheckCommand: '["CMD","/bin/busybox","true"]',
      label: ['kind=tree', 'leaf=green'],
      memory: '64m',
      env: ['A=b c'],
    },
  })
  return [
    { method: 'GetVersion' },
    { method: 'GetInfo' },
    { method: 'Reset', error: NOT_IMPLEMENTED },
    { method: 'VolumeCreate', parameters: { options: { ...blank('VolumeCreateOpts'), volumeName: 'sap' } } },
    { method: 'GetVolumes', parameters: { args: [], all: true } },
    {
      method: 'GetVolumes',
      parameters: { args: ['nothing'], all: false },
      error: 'io.podman.VolumeNotFound',
    },
    { method: 'InspectVolume', parameters: of('sap') },
    { method: 'InspectVolume', parameters: of('nothing'), error: 'io.podman.VolumeNotFound' },
    { method: 'VolumeRemove', parameters: { options: { volumes: ['sap', 'x'], all: false, force: false } } },
    { method: 'VolumesPrune' },

    { method: 'CreateContainer', parameters: create('oak', 'sleep', '1000') },
    { method: 'CreateContainer', parameters: create('ash', 'echo', 'fallen') },
    {
      method: 'CreateContainer',
      parameters: { create: { args: ['localhost/nothing'] } },
      error: 'io.podman.ImageNotFound',
    },
    { method: 'CreateFromCC', parameters: { in: [] }, error: NOT_IMPLEMENTED },
    { method: 'ContainerExists', parameters: of('oak') },
    { method: 'InitContainer', parameters: of('oak') },
    { method: 'InitContainer', parameters: of('oak'), error: 'io.podman.InvalidState' },
    { method: 'GetContainerStats', parameters: of('oak'), error: 'io.podman.NoContainerRunning' },
    { method: 'StartContainer', parameters: of('oak') },
    { method: 'StartContainer', parameters: of('oak'), error: 'io.podman.ErrorOccurred' },
    { method: 'StartContainer', parameters: of('ash') },
    { method: 'StartContainer', parameters: of('nothing'), error: 'io.podman.ContainerNotFound' },
    { method: 'WaitContainer', parameters: { name: 'ash', interval: 100 } },
    { method: 'ListContainers' },
    { method: 'Ps', parameters: { opts: { all: true, size: true } } },
    { method: 'GetContainersByStatus', parameters: { status: ['running'] } },
    { method: 'GetContainer', parameters: { id: 'oak' } },
    { method: 'GetContainersByContext', parameters: { all: true, latest: false, args: null } },
    { method: 'InspectContainer', parameters: of('oak') },
    { method: 'ContainerInspectData', parameters: { name: 'oak', size: false } },
    { method: 'ContainerConfig', parameters: of('oak') },
    { method: 'ContainerStateData', parameters: of('oak') },
    { method: 'Spec', parameters: of('oak'), error: NOT_IMPLEMENTED },
    { method: 'ContainerArtifacts', parameters: { name: 'oak', artifactName: 'x' }, error: NOT_IMPLEMENTED },
    { method: 'AttachControl', parameters: of('oak'), error: NOT_IMPLEMENTED },
    { method: 'GetAttachSockets', parameters: of('oak'), error: NOT_IMPLEMENTED },
    { method: 'ContainerRunlabel', parameters: { runlabel: blank('Runlabel') }, error: NOT_IMPLEMENTED },
    { method: 'PauseContainer', parameters: of('oak') },
    { method: 'UnpauseContainer', parameters: of('oak') },
    { method: 'UnpauseContainer', parameters: of('oak'), error: 'io.podman.InvalidState' },
    { method: 'ListContainerProcesses', parameters: { name: 'oak', opts: [] } },
    { method: 'Top', parameters: { nameOrID: 'oak', descriptors: ['pid', 'args'] } },
    { method: 'HealthCheckRun', parameters: { nameOrID: 'oak' } },
    { method: 'GetContainerStats', parameters: of('oak') },
    {
      method: 'GetContainerStatsWithHistory',
      parameters: (earlier) => ({
        previousStats: earlier.get('GetContainerStats')?.parameters?.container as Parameters,
      }),
    },
    { method: 'ListContainerChanges', parameters: of('oak') },
    { method: 'Diff', parameters: of('oak') },
    { method: 'Diff', parameters: of('nothing'), error: 'io.podman.ContainerNotFound' },
    { method: 'GetContainerLogs', parameters: of('ash') },
    {
      method: 'GetContainersLogs',
      parameters: { names: ['ash'], follow: false, latest: false, since: '', tail: -1, timestamps: true },
      more: true,
    },
    {
      method: 'GetContainersLogs',
      parameters: { names: ['ash'], follow: false, latest: false, since: '', tail: -1, timestamps: true },
      error: 'io.podman.WantsMoreRequired',
    },
    { method: 'GetEvents', parameters: { filter: [], since: '2020-01-01T00:00:00Z', until: '' } },
    {
      method: 'Attach',
      parameters: { name: 'oak', detachKeys: '', start: false },
      error: 'io.podman.ErrorOccurred',
    },
    {
      method: 'Attach',
      parameters: { name: 'nothing', detachKeys: '', start: false },
      upgrade: true,
      error: 'io.podman.ContainerNotFound',
    },
    {
      method: 'ExecContainer',
      parameters: { opts: { name: 'oak', tty: false, privileged: false, cmd: ['/bin/busybox', 'true'] } },
      upgrade: true,
    },
    { method: 'SendFile', parameters: { type: '', length: 5 }, upgrade: true },
    { method: 'ReceiveFile', parameters: { path: '/etc/passwd', delete: false }, upgrade: true },
    { method: 'MountContainer', parameters: of('ash') },
    { method: 'ListContainerMounts' },
    { method: 'UnmountContainer', parameters: { name: 'ash', force: false } },
    { method: 'GenerateKube', parameters: { name: 'oak', service: true } },
    // There is no CRIU in the image.
    {
      method: 'ContainerCheckpoint',
      parameters: { name: 'oak', keep: false, leaveRunning: false, tcpEstablished: false },
      error: 'io.podman.ErrorOccurred',
    },
    {
      method: 'ContainerRestore',
      parameters: { name: 'ash', keep: false, tcpEstablished: false },
      error: 'io.podman.ErrorOccurred',
    },
    { method: 'ExportContainer', parameters: { name: 'ash', path: '' } },

    { method: 'ListImages' },
    { method: 'ListImagesWithFilters', parameters: { filters: ['reference=localhost/tiny'] } },
    { method: 'GetImage', parameters: { id: TINY } },
    { method: 'GetImage', parameters: { id: 'nothing' }, error: 'io.podman.ImageNotFound' },
    { method: 'InspectImage', parameters: of(TINY) },
    { method: 'HistoryImage', parameters: of(TINY) },
    { method: 'ImageExists', parameters: of('nothing') },
    { method: 'ImageTree', parameters: { name: TINY, whatRequires: false } },
    { method: 'TagImage', parameters: { name: TINY, tagged: 'localhost/seed:1' } },
    { method: 'UntagImage', parameters: { name: TINY, tag: 'localhost/seed:1' } },
    {
      method: 'PushImage',
      parameters: {
        name: TINY,
        tag: `${registry}/seed:1`,
        compress: false,
        format: '',
        removeSignatures: false,
        signBy: '',
      },
      more: true,
    },
    {
      method: 'PullImage',
      parameters: { name: `${registry}/seed:1`, creds: blank('AuthConfig') },
      more: true,
    },
    { method: 'SearchImages', parameters: { query: `${registry}/seed`, filter: { star_count: 0 } } },
    {
      method: 'BuildImage',
      parameters: {
        build: {
          ...blank('BuildInfo'),
          contextDir: '/tmp/context.tar',
          dockerfiles: ['Containerfile'],
          output: 'localhost/grown',
        },
      },
      more: true,
    },
    {
      method: 'Commit',
      parameters: {
        name: 'ash',
        image_name: 'localhost/stump',
        changes: [],
        author: 'me',
        message: '',
        pause: false,
        manifestType: 'oci',
      },
    },
    {
      method: 'ImageSave',
      parameters: {
        options: { ...blank('ImageSaveOptions'), name: TINY, format: 'oci-archive', quiet: true },
      },
    },
    {
      method: 'LoadImage',
      parameters: (earlier) => ({
        name: '',
        inputFile: text(earlier, 'ImageSave', 'reply', 'id'),
        quiet: true,
        deleteFile: true,
      }),
    },
    {
      method: 'ImportImage',
      parameters: (earlier) => ({
        source: text(earlier, 'ExportContainer', 'tarfile'),
        reference: 'localhost/imported',
        message: '',
        changes: [],
        delete: true,
      }),
    },
    {
      method: 'ExportImage',
      parameters: { name: TINY, destination: 'oci-archive:/tmp/tiny-image.tar', compress: false, tags: [] },
    },
    { method: 'GetLayersMapWithImageInfo', error: NOT_IMPLEMENTED },
    { method: 'BuildImageHierarchyMap', parameters: of(TINY), error: NOT_IMPLEMENTED },
    { method: 'RemoveImage', parameters: { name: 'localhost/stump', force: false } },
    { method: 'RemoveImageWithResponse', parameters: { name: 'localhost/imported', force: false } },
    {
      method: 'RemoveImageWithResponse',
      parameters: { name: 'nothing', force: false },
      error: 'io.podman.ImageNotFound',
    },
    { method: 'ImagesPrune', parameters: { all: false, filter: [] } },

    {
      method: 'CreatePod',
      parameters: { create: { ...blank('PodCreate'), name: 'wood', labels: { soil: 'wet' } } },
    },
    { method: 'GetPodStats', parameters: of('wood'), error: 'io.podman.NoContainersInPod' },
    {
      method: 'CreateContainer',
      parameters: { create: { args: [TINY, '/bin/busybox', 'sleep', '1000'], name: 'elm', pod: 'wood' } },
    },
    { method: 'GetPodStats', parameters: of('wood'), error: 'io.podman.NoContainerRunning' },
    { method: 'StartPod', parameters: of('wood') },
    { method: 'ListPods' },
    { method: 'GetPod', parameters: of('wood') },
    { method: 'GetPod', parameters: of('nothing'), error: 'io.podman.PodNotFound' },
    { method: 'GetPodsByStatus', parameters: { statuses: ['running'] } },
    { method: 'GetPodsByContext', parameters: { all: false, latest: true, args: [] } },
    { method: 'InspectPod', parameters: of('wood') },
    { method: 'PodStateData', parameters: of('wood') },
    { method: 'GetPodStats', parameters: of('wood') },
    { method: 'TopPod', parameters: { pod: 'wood', latest: false, descriptors: [] } },
    { method: 'PausePod', parameters: of('wood') },
    { method: 'UnpausePod', parameters: of('wood') },
    { method: 'RestartPod', parameters: of('wood') },
    { method: 'KillPod', parameters: { name: 'wood', signal: 9 } },
    { method: 'StopPod', parameters: { name: 'wood', timeout: 0 } },
    { method: 'RemovePod', parameters: { name: 'wood', force: true } },

    {
      method: 'RemoveContainer',
      parameters: { name: 'oak', force: false, removeVolumes: false },
      error: 'io.podman.InvalidState',
    },
    { method: 'RestartContainer', parameters: { name: 'oak', timeout: 0 } },
    { method: 'KillContainer', parameters: { name: 'oak', signal: 9 } },
    { method: 'WaitContainer', parameters: { name: 'oak', interval: 100 } },
    { method: 'StopContainer', parameters: { name: 'oak', timeout: 0 }, error: 'io.podman.ErrCtrStopped' },
    { method: 'StartContainer', parameters: of('oak') },
    { method: 'StopContainer', parameters: { name: 'oak', timeout: 0 } },
    { method: 'RemoveContainer', parameters: { name: 'oak', force: false, removeVolumes: true } },
    { method: 'CreateContainer', parameters: create('yew', 'true') },
    { method: 'EvictContainer', parameters: { name: 'yew', removeVolumes: true } },
    { method: 'DeleteStoppedContainers' },
    { method: 'DeleteUnusedImages' },
  ]
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
  const calls = table(registry, blank)
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
    expect(reply === undefined || typeof reply === 'object', `seed ${seed}`).toBe(true)
  }
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
  const activated =
    "sudo varlink -A 'podman --log-level=error varlink $VARLINK_ADDRESS' call io.podman.GetVersion"
  expect(await at('tc', activated)).toContain('linux/amd64')
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
