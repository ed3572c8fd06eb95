import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { inject } from 'vitest'
import { built } from './built.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Makes the image of a package, and pushes it to the registry. Returns its name there, as the machine has it. */
export async function pushed(name: string): Promise<string> {
  await built(name)
  // Not ./b2p oci: what Nx puts in its place again is not whole for a moment, and others read it.
  await run(process.execPath, ['tools/image/src/cli.ts', 'oci', name], { cwd: ROOT })
  const index = await run('tar', ['-xOf', `dist/oci/${name}.tar`, 'index.json'], { cwd: ROOT })
  const reference = JSON.parse(index).manifests[0].annotations['org.opencontainers.image.ref.name']
  const target = `127.0.0.1:${inject('registryPort')}/${reference}`
  const options = ['copy', '-q', '--insecure-policy', '--dest-tls-verify=false']
  await run('skopeo', [...options, `oci-archive:dist/oci/${name}.tar`, `docker://${target}`], { cwd: ROOT })
  return target.replace('127.0.0.1', '10.0.2.2')
}
