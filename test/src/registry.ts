import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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

/** A real registry over plain HTTP that holds `debian:trixie`. */
export async function startRegistry(): Promise<Registry> {
  const layout = await debianImage()
  const folder = await mkdtemp(join(tmpdir(), 'b2p-registry-'))
  const port = await freePort()
  const config = join(folder, 'config.yml')
  await writeFile(
    config,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, 'data'))} } }
http: { addr: "127.0.0.1:${port}", secret: test }
`,
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
    await Promise.race([answers(`http://127.0.0.1:${port}/v2/`), end])
    const target = `docker://127.0.0.1:${port}/debian:trixie`
    await run('skopeo', [
      'copy',
      '-q',
      '--insecure-policy',
      '--dest-tls-verify=false',
      `oci:${layout}`,
      target,
    ])
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

async function answers(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fetch(url)
      return
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
  }
}
