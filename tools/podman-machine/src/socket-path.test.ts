import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { prepareSocket, socketPath } from './socket-path.ts'

test('a path that is too long for a socket, or too strange for a URL, is another in a folder of this user alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'socket-'))
  vi.stubEnv('XDG_RUNTIME_DIR', folder)
  try {
    const short = join(folder, 'docker.sock')
    expect(socketPath(short)).toBe(short)
    const long = join(folder, 'x'.repeat(100), 'docker.sock')
    const path = await prepareSocket(long)
    expect(path).toBe(socketPath(long))
    expect(socketPath(`${long}2`)).not.toBe(path)
    for (const strange of ['/a b', '/100%', '/a:b', '/é'])
      expect(dirname(socketPath(strange))).toBe(dirname(path))
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700)
    const server = createServer().listen(path)
    await once(server, 'listening')
    server.close()
  } finally {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  }
})
