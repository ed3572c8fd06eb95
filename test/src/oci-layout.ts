import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const MEDIA = 'application/vnd.oci.image'

/** Writes an image of one layer, a tar archive compressed with gzip, as an OCI layout. */
export async function writeOciLayout(folder: string, layerFile: string, command: string[]): Promise<void> {
  const part = `${folder}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(join(part, 'blobs', 'sha256'), { recursive: true })
  const archive = await readFile(layerFile)
  const layer = await blob(part, `${MEDIA}.layer.v1.tar+gzip`, archive)
  const config = await blob(part, `${MEDIA}.config.v1+json`, {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: command, Env: ['PATH=/usr/sbin:/usr/bin'] },
    rootfs: { type: 'layers', diff_ids: [digest(gunzipSync(archive))] },
  })
  const manifest = { schemaVersion: 2, mediaType: `${MEDIA}.manifest.v1+json`, config, layers: [layer] }
  const manifests = [await blob(part, manifest.mediaType, manifest)]
  await writeFile(join(part, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
  await writeFile(join(part, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  await rename(part, folder)
}

async function blob(folder: string, mediaType: string, content: Buffer | object) {
  const data = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))
  await writeFile(join(folder, 'blobs', 'sha256', digest(data).slice('sha256:'.length)), data)
  return { mediaType, digest: digest(data), size: data.length }
}

function digest(data: Uint8Array): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`
}
