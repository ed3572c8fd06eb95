import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'

// The script ./b2p as it is, in a repository whose Node is a program that tells how it was called.
let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'b2p-'))
  await cp(join(import.meta.dirname, '../../../b2p'), join(root, 'b2p'))
  await write('node24/package.json', '{ "name": "node24", "version": "24.0.0", "bin": { "node": "node" } }')
  await write('node24/node', '#!/bin/sh\necho "Node 24: $*"\n', 0o755)
  await write('package.json', '{ "private": true, "dependencies": { "node24": "file:node24" } }')
  await execa('npm', ['install', '--package-lock-only', '--offline'], { cwd: root })
})
afterEach(() => rm(root, { recursive: true }))

async function write(file: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text, { mode })
}

function b2p(words: string[], env: Record<string, string> = {}, before: string[] = []) {
  const [command = '', ...args] = [...before, join(root, 'b2p'), ...words]
  return execa(command, args, { cwd: '/', env, reject: false })
}

test('the npm packages are installed once, and again when package-lock.json is another', async () => {
  const first = await b2p(['help'])
  expect(first.stderr).toContain('b2p: installing the npm packages of package-lock.json')
  expect(first.stdout).toBe('Node 24: tools/b2p/src/cli.ts help')

  const second = await b2p(['help', 'iso'])
  expect(second).toMatchObject({ exitCode: 0, stderr: '', stdout: 'Node 24: tools/b2p/src/cli.ts help iso' })

  await rm(join(root, 'node_modules/.b2p-lock'))
  expect((await b2p(['help'])).stderr).toContain('installing the npm packages')
})

/** A folder with some of this machine's programs: a PATH on which the others are missing. */
async function only(programs: string[]): Promise<{ PATH: string }> {
  const bin = join(root, 'bin')
  await mkdir(bin)
  for (const program of programs) {
    const { stdout } = await execa('sh', ['-c', `command -v ${program}`])
    await symlink(stdout, join(bin, program))
  }
  return { PATH: bin }
}

const BASIC = ['sh', 'dirname', 'cat', 'cmp', 'id', 'node', 'npm']

test('without root the one line to type is printed, with what each is for', async () => {
  await execa('chmod', ['-R', 'a+rX', root])
  const env = await only([...BASIC, 'unshare', 'patch', 'apt-get'])
  // As whoever we are, if that is nobody in particular.
  const nobody =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
  const { stdout: setpriv } = await execa('sh', ['-c', 'command -v setpriv'])
  const { exitCode, stderr } = await b2p(['iso'], env, nobody.length > 0 ? [setpriv, ...nobody.slice(1)] : [])
  expect(exitCode).toBe(1)
  expect(stderr).toContain('b2p: missing: mksquashfs, which makes .tcz files\n')
  expect(stderr).toMatch(
    /\n {2}sudo apt-get install --no-install-recommends bubblewrap mount squashfs-tools binutils xz-utils bzip2 zsync openssh-client cpio xorriso$/,
  )
})

test('each verb asks for what it needs, no more', async () => {
  const env = await only(BASIC)
  const missing = async (...words: string[]) =>
    [...(await b2p(words, env)).stderr.matchAll(/missing: ([\w-]+),/g)].map(([, program]) => program)
  expect(await missing('help')).toEqual([])
  expect(await missing('iso')).not.toContain('qemu-system-x86_64')
  expect(await missing('run')).toContain('qemu-system-x86_64')
  expect(await missing('run')).not.toContain('mmdebstrap')
  expect(await missing('test')).toContain('mmdebstrap')
  expect(await missing('check-kernel')).toContain('bwrap')
  expect(await missing('check-kernel', '/proc/config.gz')).toEqual([])
})

test('on a machine without apt, the programs are named', async () => {
  const { exitCode, stderr } = await b2p(['tcz', 'conmon'], await only(BASIC))
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/\nb2p: install what holds these programs, as Debian's packages do: bubblewrap /)
})

test('who makes a machine that has them is told the packages of a group, and nothing is installed', async () => {
  const { stdout, exitCode } = await b2p(['needs', 'build'])
  expect(exitCode).toBe(0)
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['bubblewrap', 'openssh-client', 'xorriso']))
  expect(stdout).not.toContain('qemu')
})
