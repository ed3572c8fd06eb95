import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { inject } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Makes the image of a package, and pushes it to the registry. Returns its name there, as the machine has it. */
export async function pushed(name: string): Promise<string> {
  const said = await run(process.execPath, ['tools/b2p/src/cli.ts', 'oci', name], { cwd: ROOT })
  const reference = said.trimEnd().split(' ').at(-1)
  const target = `127.0.0.1:${inject('registryPort')}/${reference}`
  const options = ['copy', '-q', '--insecure-policy', '--dest-tls-verify=false']
  await run('skopeo', [...options, `oci-archive:dist/oci/${name}.tar`, `docker://${target}`], { cwd: ROOT })
  return target.replace('127.0.0.1', '10.0.2.2')
}
