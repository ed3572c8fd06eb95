import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0
let folder: string

// A visitor is a process of its own: so as root both users are really tried.
describe.each(isRoot ? ['root', 'an ordinary user'] : ['an ordinary user'])('as %s', (user) => {
  const drop =
    isRoot && user !== 'root'
      ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
      : []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'enter-'))
    await mkdir(join(folder, 'layer/bin'), { recursive: true })
    await cp('/bin/busybox', join(folder, 'layer/bin/busybox'))
    for (const name of ['sh', 'cat', 'date', 'env', 'hostname', 'id', 'ip', 'ls', 'mkdir', 'sleep', 'nc']) {
      await symlink('busybox', join(folder, 'layer/bin', name))
    }
    await writeFile(join(folder, 'layer/file'), 'below')
    if (drop.length > 0) await run('chown', ['-R', `${NOBODY}:${NOBODY}`, folder])
  })

  afterEach(async () => {
    expect(await readdir(join(folder, 'cache/work'))).toEqual([])
    await rm(folder, { recursive: true })
  })

  const visitor = (script: string, more = '{}') => [
    ...drop,
    process.execPath,
    '--input-type=module',
    '--eval',
    `import { enter } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
     const stop = new AbortController()
     process.on('SIGTERM', () => stop.abort())
     process.stdout.write(await enter({
       layers: [${JSON.stringify(join(folder, 'layer'))}], env: { PATH: '/bin' }, cwd: '/',
       command: ['/bin/sh', '-c', ${JSON.stringify(script)}],
       signal: stop.signal, ...${more} }).catch((error) => error.message))`,
  ]
  const visit = (script: string, more?: string) => {
    const [program = '', ...args] = visitor(script, more)
    return run(program, args, { env: { B2P_CACHE: join(folder, 'cache'), SECRET: 'host' } })
  }

  test('there is a loopback and no other network', async () => {
    expect(await visit('ip -o link')).toMatch(/^1: lo:.*\n$/)
    expect(await visit('nc -w 2 1.1.1.1 80 2>&1')).toContain('Network is unreachable')
  })

  test('root, host name, environment and folders are always the same', async () => {
    expect(await visit('id -u; hostname; ls /')).toBe('0\nbuild\nbin\ndev\nfile\nproc\ntmp\n')
    expect(await visit('env; cat /proc/1/environ')).not.toMatch(/SECRET|HOME/)
    expect(await visit('date +%Z; umask; ls -d /proc/[0-9]*')).toBe('UTC\n0022\n/proc/1\n/proc/2\n')
  })

  test('layers stay as they were, and what was written is gone', async () => {
    expect(await visit('echo above > file; /bin/busybox rm bin/ls; mkdir -m 0 new; cat file')).toContain(
      'above',
    )
    expect(await readFile(join(folder, 'layer/file'), 'utf8')).toBe('below')
    expect(await readdir(join(folder, 'layer'))).toEqual(['bin', 'file'])
  })

  test('a bind is seen in its place', async () => {
    const binds = `{ binds: [{ from: ${JSON.stringify(join(folder, 'layer'))}, to: '/a/b', readOnly: true }] }`
    expect(await visit('cat /a/b/file; echo > /a/b/new', binds)).toContain('Read-only file system')
  })

  test('sixty layers with long names are stacked, the first on top', async () => {
    const layers = Array.from({ length: 60 }, (_, index) => join(folder, `${'long'.repeat(40)}${index}`))
    for (const layer of layers) {
      await mkdir(layer)
      await writeFile(join(layer, 'file'), layer.slice(-2))
    }
    const more = JSON.stringify({ layers: [...layers, join(folder, 'layer')] })
    expect(await visit('cat file', more)).toBe('g0')
  })

  test('a failure tells command, exit code and last lines', async () => {
    expect(await visit('echo last words; exit 3')).toMatch(
      /^\/bin\/sh -c .*: failed with exit code 3\n {2}last words/s,
    )
  })

  test('stopped in the middle it leaves nothing', async () => {
    const [program = '', ...args] = visitor('echo $$ > /shared/started; sleep 1000', shared())
    const child = spawn(program, args, { env: { ...process.env, B2P_CACHE: join(folder, 'cache') } })
    await started()
    child.kill('SIGTERM')
    await once(child, 'exit')
  })

  test('what a killed one left is removed by the next', async () => {
    const [program = '', ...args] = visitor('echo $$ > /shared/started; sleep 1000', shared())
    const child = spawn(program, args, { env: { ...process.env, B2P_CACHE: join(folder, 'cache') } })
    await started()
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await readdir(join(folder, 'cache/work'))).toHaveLength(1)
    expect(await visit('echo next')).toBe('next\n')
  })

  const shared = () => `{ binds: [{ from: ${JSON.stringify(folder)}, to: '/shared' }] }`
  const started = async () => {
    while (!(await readdir(folder)).includes('started')) await new Promise((done) => setTimeout(done, 20))
  }
})
