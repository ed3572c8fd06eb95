import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '@boot2podman/kit'
import { freePort } from '@boot2podman/qemu'
import { debianImage } from './debian-image.ts'

export interface Registry {
  /** Where it listens, on the host's loopback. */
  port: number
  stop(): Promise<void>
}

export interface SecureRegistry extends Registry {
  /** The certificate of the authority that only this registry has, PEM. */
  authority: string
}

/** Who may use the secure registry: the line in its password file, whose password is `secret` (bcrypt, as it wants it). */
const PASSWORDS = 'tester:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n'

/** A real registry over plain HTTP that holds `debian:trixie`. */
export async function startRegistry(): Promise<Registry> {
  const layout = await debianImage()
  const registry = await serve(await mkdtemp(join(tmpdir(), 'b2p-registry-')))
  try {
    const target = `docker://127.0.0.1:${registry.port}/debian:trixie`
    const args = ['copy', '-q', '--insecure-policy', '--dest-tls-verify=false', `oci:${layout}`, target]
    await run('skopeo', args)
  } catch (error) {
    await registry.stop()
    throw error
  }
  return registry
}

/** A real registry over TLS, for those who have its authority's certificate and are `tester` with the password `secret`. */
export async function startSecureRegistry(): Promise<SecureRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-registry-'))
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '2']
  await openssl('req', '-x509', ...key, '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.crt')
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:10.0.2.2,IP:127.0.0.1']
  const names = ['-keyout', 'server.key', '-out', 'server.crt']
  const kind = ['-addext', 'basicConstraints=critical,CA:FALSE']
  await openssl('req', '-x509', ...key, '-subj', '/CN=registry', ...signed, ...kind, ...names)
  await writeFile(join(folder, 'passwords'), PASSWORDS)
  const authority = await readFile(join(folder, 'ca.crt'), 'utf8')
  const file = (name: string) => JSON.stringify(join(folder, name))
  const registry = await serve(
    folder,
    `tls: { certificate: ${file('server.crt')}, key: ${file('server.key')} }`,
    `auth: { htpasswd: { realm: test, path: ${file('passwords')} } }\n`,
  )
  return { ...registry, authority }
}

/** Starts a registry that keeps its data in a folder; when it is stopped, the folder goes too. */
async function serve(folder: string, http = '', more = ''): Promise<Registry> {
  const port = await freePort()
  const config = join(folder, 'config.yml')
  await writeFile(
    config,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${JSON.stringify(join(folder, 'data'))} }
  delete: { enabled: true }
http: { addr: "127.0.0.1:${port}", secret: test${http && `, ${http}`} }
${more}`,
  )
  const killer = new AbortController()
  const end = run('docker-registry', ['serve', config], { signal: killer.signal })
  end.catch(() => {})
  const stop = async () => {
    killer.abort()
    await end.catch(() => {})
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.race([listens(port), end])
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

async function listens(port: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.destroy()
      return
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
  }
}
