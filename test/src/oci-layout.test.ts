import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { expect, test } from 'vitest'
import { writeOciLayout } from './oci-layout.ts'

test('skopeo reads what was written, and finds each checksum right', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'b2p-oci-'))
  await writeFile(join(folder, 'hello'), 'hello\n')
  await run('tar', ['-C', folder, '-czf', join(folder, 'layer.tar.gz'), 'hello'])
  await writeOciLayout(join(folder, 'layout'), join(folder, 'layer.tar.gz'), ['/hello'])
  const image = JSON.parse(await run('skopeo', ['inspect', '--config', `oci:${folder}/layout`]))
  expect(image.config.Cmd).toEqual(['/hello'])
  await run('skopeo', ['copy', '-q', '--insecure-policy', `oci:${folder}/layout`, `dir:${folder}/copy`])
  await rm(folder, { recursive: true })
})
