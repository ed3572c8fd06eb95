import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheFolder, run } from '@boot2podman/kit'
import { freePort } from '@boot2podman/qemu'
import { expect, test } from 'vitest'
import { built } from '../built.ts'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'
import { said } from '../said.ts'
import { serveFolder } from '../web-server.ts'
import { online } from './online.ts'

const ROOT = join(import.meta.dirname, '../../..')
const RECIPE = 'packages/conmon'

test('a recipe is cloned and built on the machine, with extensions of the repository: the same to the byte', async () => {
  for (const name of ['git', 'squashfs-tools', 'tcz-build']) await built(name)
  await using repository = await repositoryServer()
  await using recipes = await gitServer()
  await using data = await dataDisk(2000)
  await using machine = await boot({
    memory: 2048,
    cpus: 2,
    disks: [data.disk],
    folders: [{ path: cacheFolder('sources', 'sha256'), tag: 'sources', readOnly: true }],
  })
  await online(machine)
  await machine.run(`echo http://10.0.2.2:${repository.port} | sudo tee /opt/tcemirror
sudo mkdir /mnt/sources; sudo mount -t 9p -o trans=virtio,ro sources /mnt/sources`)

  expect(await said(machine, 'tce-load -wis compiletc go git tcz-build >/dev/null 2>&1', 600)).toBe(
    'code 0\n',
  )
  expect(await machine.run('cc -dumpversion; go version')).toMatch(
    /^14\ngo version go1\.\d+\.\d+ linux\/amd64\n$/,
  )
  expect(await said(machine, `git clone -q git://10.0.2.2:${recipes.port}/boot2podman`)).toBe('code 0\n')

  const file = /"name": "([^"]+)"/.exec(await readFile(join(ROOT, RECIPE, 'tcz.lock'), 'utf8'))?.[1]
  expect(await said(machine, `tcz-build boot2podman/${RECIPE}`, 300)).toContain(
    `\n${file}: is not in the folder of sources, nor by its SHA-256\n`,
  )
  expect(await said(machine, `tcz-build boot2podman/${RECIPE} /mnt/sources`, 900)).toMatch(
    /^conmon: built in \d+ s, \d+ KB\n {2}to load it: tce-load -i \.\/conmon\.tcz\ncode 0\n$/m,
  )
  for (const suffix of ['sha256', 'md5.txt', 'dep']) {
    expect(await machine.run(`cat ~/conmon.tcz.${suffix}`)).toBe(
      await readFile(join(ROOT, `dist/tcz/conmon.tcz.${suffix}`), 'utf8'),
    )
  }
  expect(await said(machine, 'sha256sum -c conmon.tcz.sha256')).toBe('conmon.tcz: OK\ncode 0\n')
  await machine.run(`printf '#!/bin/sh\\necho last words; exit 3\\n' >boot2podman/${RECIPE}/build.sh`)
  expect(await said(machine, `tcz-build boot2podman/${RECIPE} /mnt/sources`, 300)).toMatch(
    /^conmon\/build\.sh: failed with exit code 3\n {2}last words\ncode 1\n$/m,
  )
  // Nothing is left of either.
  expect(
    await machine.run('ls -A /etc/sysconfig/tcedir/build; grep -c tcedir/build /proc/mounts || true'),
  ).toBe('0\n')

  // In the place of the medium's. It is the file that was signed, wherever it was made.
  await machine.run('sudo rm /usr/local/tce.installed/conmon')
  expect(await said(machine, 'tce-load -if ./conmon.tcz')).toMatch(
    /^conmon\.tcz: OK\n {2}checked by the signed index, version \d+\ncode 0\n$/,
  )
  expect(await machine.run('readlink /usr/local/bin/conmon')).toBe(
    '/tmp/tcloop/conmon/usr/local/bin/conmon\n',
  )
  const { version } = JSON.parse(await readFile(join(ROOT, RECIPE, 'tcz.json'), 'utf8'))
  expect(await machine.run('conmon --version')).toMatch(new RegExp(`^conmon version ${version}\n`))
}, 1_500_000)

/** dist/tcz as a mirror shows it. */
async function repositoryServer() {
  const root = await mkdtemp(join(tmpdir(), 'b2p-repository-'))
  await mkdir(join(root, '0.1.x/x86_64'), { recursive: true })
  await symlink(join(ROOT, 'dist/tcz'), join(root, '0.1.x/x86_64/tcz'))
  const server = await serveFolder(root)
  return {
    port: server.port,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(root, { recursive: true })
    },
  }
}

/** The recipe as it is in this tree, committed or not, in a repository that git:// shows. */
async function gitServer() {
  const base = await mkdtemp(join(tmpdir(), 'b2p-git-'))
  const repository = join(base, 'boot2podman')
  await cp(join(ROOT, RECIPE), join(repository, RECIPE), { recursive: true })
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=tester', '-c', 'user.email=tester@localhost', ...args], { cwd: repository })
  await git('init', '-q')
  await git('add', '.')
  await git('commit', '-q', '-m', 'conmon: as it is')
  const port = await freePort()
  const options = ['--listen=127.0.0.1', `--port=${port}`, '--export-all', `--base-path=${base}`]
  const daemon = spawn('git', ['daemon', ...options], { stdio: 'ignore', detached: true })
  const listening = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.unref()
    })
  while (!(await listening())) await sleep(50)
  return {
    port,
    async [Symbol.asyncDispose]() {
      // git starts the daemon as a process of its own.
      if (daemon.pid !== undefined) process.kill(-daemon.pid)
      await rm(base, { recursive: true })
    },
  }
}
