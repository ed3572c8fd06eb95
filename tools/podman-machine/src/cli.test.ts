import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, sandbox } from './cli.fixture.ts'

let box: Sandbox
beforeEach(async () => {
  box = await sandbox()
})
afterEach(() => box[Symbol.asyncDispose]())

const NONE = ['-d', 'none', '--url', 'tcp://192.0.2.1']

async function machine(name: string, config: unknown): Promise<void> {
  await mkdir(join(box.store, 'machines', name), { recursive: true })
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  await writeFile(join(box.store, 'machines', name, 'config.json'), text)
}

test('the line that is wrong: usage, exit code 2', async () => {
  const lines: [string[], string][] = [
    [['fly'], "podman-machine: 'fly' is not a podman-machine command. See 'podman-machine --help'.\n"],
    [['ls', '--fast'], 'podman-machine ls: there is no flag --fast\n  podman-machine ls --help lists them\n'],
    [['ls', 'x'], 'podman-machine ls: "x" is too much\n  Usage: podman-machine ls [options]\n'],
    [['rm'], 'podman-machine rm: a word is missing\n  Usage: podman-machine rm [options] NAME...\n'],
    [['create'], 'Error: No machine name specified\n  Usage: podman-machine create [options] NAME\n'],
    [
      ['create', 'a', 'b'],
      'Error: Invalid command line. Found extra arguments b\n  Usage: podman-machine create [options] NAME\n',
    ],
    [
      ['create', '--url', 'tcp://x', 'a'],
      "--url: is a flag of the driver none; this machine's is qemu\n  podman-machine create -d none ...\n",
    ],
    [
      ['create', '-d', 'generic', 'a'],
      '--generic-ip-address: the driver generic needs it\n  such as --generic-ip-address 192.168.1.5\n',
    ],
    [['env', '-u', 'box'], 'Error: Expected no machine name when the -u flag is present\n'],
    [
      ['completion', 'ksh'],
      'podman-machine completion: "ksh" is no shell that it is for\n  known: bash, zsh, fish, powershell\n',
    ],
  ]
  for (const [words, stderr] of lines) expect(await box.run(words)).toEqual({ code: 2, stdout: '', stderr })
})

test('what cannot be done: exit code 1, and the way out', async () => {
  const lines: [string[], string][] = [
    [
      ['create', '-a_b'.slice(1)],
      'Error: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -\n' +
        '  "a_b" has to begin with a letter or a digit, and to go on with those\n',
    ],
    [
      ['create', '-d', 'cloud', 'a'],
      'Error: Driver "cloud" not found.\n  known: qemu, virtualbox, generic, none\n',
    ],
    [
      ['status', 'x'],
      'Error: Podman machine "x" does not exist. Use "podman-machine ls" to list machines. ' +
        'Use "podman-machine create" to add a new one.\n',
    ],
    [
      ['status'],
      'Error: No machine name(s) specified and no "box" machine exists\n  to make it: podman-machine create box\n',
    ],
    [['active'], 'Error: No active host found\n'],
    [
      ['start', '../x'],
      'Error: Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -\n' +
        '  "../x" has to begin with a letter or a digit, and to go on with those\n',
    ],
  ]
  for (const [words, stderr] of lines) expect(await box.run(words)).toEqual({ code: 1, stdout: '', stderr })
})

test('a machine from create to rm', async () => {
  expect(await box.run(['create', ...NONE, '--engine-label', 'a=b', 'far'])).toMatchObject({ code: 0 })
  expect(await box.run(['create', ...NONE, 'far'])).toMatchObject({
    code: 1,
    stderr: 'Error: Podman machine "far" already exists\n',
  })
  expect((await box.run(['ls'])).stdout).toBe(
    'NAME   ACTIVE   DRIVER   STATE     URL               ERRORS\n' +
      'far    -        none     Running   tcp://192.0.2.1   \n',
  )
  expect((await box.run(['ls', '-q', '--filter', 'label=a=b'])).stdout).toBe('far\n')
  expect((await box.run(['ls', '-q', '--filter', 'driver=qemu'])).stdout).toBe('')
  expect((await box.run(['--storage-path', '/nowhere', 'ls', '-q'])).stdout).toBe('')
  expect(
    (await box.run(['ls', '-q', `-s=${box.store}`], { env: { MACHINE_STORAGE_PATH: '/x' } })).stdout,
  ).toBe('far\n')
  expect(
    (await box.run(['inspect', 'far', '-f', '{{.Driver.URL}} {{json .HostOptions.EngineOptions.Labels}}']))
      .stdout,
  ).toBe('tcp://192.0.2.1 ["a=b"]\n')
  expect((await box.run(['inspect', 'far'])).stdout).toMatch(
    /^\{\n {4}"ConfigVersion": 4,\n {4}"Name": "far",\n/,
  )
  expect((await box.run(['env', 'far'])).stdout).toBe(
    'export CONTAINER_HOST="tcp://192.0.2.1"\nexport DOCKER_HOST="tcp://192.0.2.1"\nexport PODMAN_MACHINE_NAME="far"\n' +
      '# Run this command to configure your shell: \n# eval $(podman-machine env far)\n',
  )
  const proxies = { NO_PROXY: 'localhost,192.0.2.1', no_proxy: undefined }
  const env = async (words: string[], more: Record<string, string | undefined> = {}) =>
    (await box.run(['env', '--no-proxy', '--docker', '--json', ...words, 'far'], { env: more })).stdout
  expect(JSON.parse(await env([]))).toEqual({
    DOCKER_HOST: 'tcp://192.0.2.1',
    PODMAN_MACHINE_NAME: 'far',
    NO_PROXY: '192.0.2.1',
  })
  expect(JSON.parse(await env([], proxies)).NO_PROXY).toBe('localhost,192.0.2.1')
  expect(JSON.parse(await env([], { no_proxy: 'a' })).no_proxy).toBe('a,192.0.2.1')
  expect((await box.run(['env', '-u', '--shell', 'fish'])).stdout).toMatch(
    /^set -e CONTAINER_HOST;\n(set -e \w+;\n)+#/,
  )
  expect(await box.run(['env', 'far'], { env: { SHELL: undefined } })).toMatchObject({
    code: 2,
    stderr: 'Error: Unknown shell\n  SHELL is not set; name it: podman-machine env --shell bash\n',
  })
  expect((await box.run(['regenerate-certs', 'far'], { input: 'n\n' })).stdout).toBe(
    'There are no TLS certificates: SSH has taken their place, with a key and a host key for each machine.\n' +
      'Set up the machines again? (y/n): ',
  )
  expect((await box.run(['active'], { env: { PODMAN_MACHINE_NAME: 'far' } })).stdout).toBe('far\n')
  expect(await box.run(['stop', 'far'])).toMatchObject({
    code: 1,
    stderr: 'Error: none driver does not support stop\n',
  })
  expect(await box.run(['ssh', 'far'])).toMatchObject({ code: 1 })
  const mode = async (file: string) => (await stat(join(box.store, file))).mode & 0o777
  expect(await mode('machines/far')).toBe(0o700)
  expect(await mode('machines/far/config.json')).toBe(0o600)

  const question =
    'About to remove far\nWARNING: This action will delete both local reference and remote instance.\nAre you sure? (y/n): '
  expect(await box.run(['rm', 'far'], { input: 'n\n' })).toMatchObject({ code: 0, stdout: question })
  expect(await box.run(['rm', 'far'])).toMatchObject({ code: 0, stdout: question })
  expect((await box.run(['delete', 'far'], { input: 'y\n' })).stdout).toBe(
    `${question}Successfully removed far\n`,
  )
  expect(await readdir(join(box.store, 'machines'))).toEqual([])
  expect(await readdir(join(box.store, 'locks'))).toEqual([])
})

test('machines that cannot be used are shown, and the rest works; rm takes them away', async () => {
  await box.run(['create', ...NONE, 'good'])
  await machine('broken', '{')
  await machine('former', { ConfigVersion: 3, Name: 'former' })
  await machine('odd', { ConfigVersion: 4, Name: 'other', DriverName: 1 })
  await machine('plugin', {
    ConfigVersion: 4,
    Name: 'plugin',
    DriverName: 'cloud',
    Created: true,
    Driver: {},
  })
  await mkdir(join(box.store, 'machines', 'half'))
  const { code, stdout } = await box.run([
    'ls',
    '--format',
    '{{.Name}} {{.DriverName}} {{.State}} {{.Error}}',
  ])
  expect(code).toBe(0)
  expect(stdout.replaceAll(box.store, 'STORE')).toMatchSnapshot()
  expect(await box.run(['rm', '-y', 'half'])).toMatchObject({ code: 0 })
  expect(await box.run(['rm', '-y', 'broken'])).toMatchObject({ code: 1 })
  expect(await box.run(['rm', '-f', 'broken', 'former', 'odd', 'plugin'])).toMatchObject({ code: 0 })
  expect(await readdir(join(box.store, 'machines'))).toEqual(['good'])
  expect(await box.run(['start', 'a', 'b'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/"a" does not exist[^\n]*\n[^\n]*"b" does not exist/),
  })
})

test('a creation that fails leaves nothing', async () => {
  const iso = join(box.folder, 'short.iso')
  await writeFile(iso, 'no ISO')
  const { code, stderr } = await box.run(['create', '--qemu-boot2podman-url', iso, 'box'])
  expect(code).toBe(1)
  expect(stderr).toContain('is no ISO image')
  expect(await readdir(join(box.store, 'machines'))).toEqual([])
})

test('a store that cannot be written is told', async () => {
  await writeFile(join(box.folder, 'file'), '')
  const { code, stderr } = await box.run(['create', ...NONE, 'x', '-s', join(box.folder, 'file', 'store')])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /cannot be written: a part of its path is no folder\n {2}the store is .*--storage-path/,
  )
})

test('a state is looked for each time', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await box.run(['create', '-d', 'none', '--url', `tcp://127.0.0.1:${port}`, 'here'])
  expect((await box.run(['status', 'here'])).stdout).toBe('Running\n')
  server.close()
  expect((await box.run(['status', 'here', '--json'])).stdout).toBe('{"Name":"here","State":"Stopped"}\n')
  expect((await box.run(['url', 'here'])).stdout).toBe('\n')
})

test('VirtualBox: what is called, with a VBoxManage that only writes it down', async () => {
  const bin = join(box.folder, 'bin')
  await mkdir(bin)
  const log = join(box.folder, 'calls')
  await writeFile(
    join(bin, 'VBoxManage'),
    `#!/bin/sh
echo "$*" >>'${log}'
case "$1 $3" in
'createvm '*) touch '${box.folder}/made' ;;
'unregistervm '*) rm -f '${box.folder}/made' ;;
'startvm '*) echo no VT-x >&2; exit 1 ;;
'showvminfo '*) test -e '${box.folder}/made' && echo 'VMState="poweroff"' ;;
'convertfromraw '*) cp "$2" "$3" ;;
'hostonlyif '*) echo "Interface 'vboxnet7' was successfully created" ;;
esac
`,
  )
  await chmod(join(bin, 'VBoxManage'), 0o755)
  const env = { PATH: `${bin}:${process.env.PATH}` }
  const iso = join(box.folder, 'tiny.iso')
  const image = Buffer.alloc(40 * 2048)
  image.write('\x01CD001', 0x8000, 'latin1')
  image.write('Boot2Podman-v0.1.0'.padEnd(32), 0x8028, 'latin1')
  image.writeUInt32LE(40, 0x8050)
  image.writeUInt16LE(2048, 0x8080)
  await writeFile(iso, image)
  const words = ['create', '-d', 'virtualbox', '--virtualbox-boot2podman-url', iso, '--memory', '256', 'box']
  const { code, stdout, stderr } = await box.run(words, { env })
  expect([code, stderr]).toEqual([1, expect.stringContaining('no VT-x')])
  expect(stderr).toContain('"box" is made, but not ready\n  podman-machine start box tries again')
  expect(stdout).toContain('(box) making the machine in VirtualBox ...')
  const calls = (await readFile(log, 'utf8'))
    .replaceAll(box.folder, 'FOLDER')
    .replaceAll(/podman-machine-box-[0-9a-f]{8}/g, 'VM')
    .replace(/127\.0\.0\.1,\d+/, '127.0.0.1,PORT')
  expect(calls).toMatchSnapshot()
  expect((await box.run(['rm', '-y', 'box'], { env })).code).toBe(0)
  expect((await readFile(log, 'utf8')).trim().split('\n').at(-1)).toMatch(/^unregistervm \S+ --delete$/)
})

test('QEMU or VirtualBox missing: which package has it, and nothing is left', async () => {
  const bin = join(box.folder, 'bin')
  await mkdir(bin)
  const env = { PATH: bin }
  expect(await box.run(['create', 'box'], { env })).toEqual({
    code: 1,
    stdout: '',
    stderr: `qemu-system-x86_64: this program is not installed
  to install it: sudo apt-get install qemu-system-x86 (Debian, Ubuntu), or your system's package of that kind
`,
  })
  expect((await box.run(['create', '-d', 'virtualbox', 'box'], { env })).stderr).toContain(
    'sudo apt-get install virtualbox',
  )
  expect(await readdir(join(box.store, 'machines'))).toEqual([])
})

test('a store on a read-only disk: what is there can be looked at, and nothing can be made', async () => {
  const disk = join(box.folder, 'disk')
  await mkdir(disk)
  const cli = (words: string) =>
    `'${process.execPath}' '${import.meta.dirname}/cli.ts' ${words} -s '${disk}/store' 2>&1 || echo "exit code $?"`
  const lines = [
    `mount -t tmpfs none '${disk}'`,
    `mount -o remount,ro '${disk}'`,
    cli('ls'),
    cli('create -d none --url tcp://192.0.2.1 far'),
  ]
  const { stdout } = await promisify(execFile)('unshare', ['-rm', 'sh', '-ec', lines.join('\n')])
  expect(stdout.replaceAll(disk, 'DISK')).toBe(`NAME   ACTIVE   DRIVER   STATE   URL   ERRORS
DISK/store: cannot be written: its disk is read-only
  the store is DISK/store; another one: podman-machine --storage-path FOLDER, or MACHINE_STORAGE_PATH
exit code 1
`)
})
