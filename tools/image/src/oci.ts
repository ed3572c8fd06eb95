import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { EPOCH, environment, isToolchain, makeBase } from '@boot2podman/builder'
import { Problem, run } from '@boot2podman/kit'
import { asRoot, workFolder } from '@boot2podman/sandbox'
import { closure, type Package, type Repository } from '@boot2podman/tcz'

const MEDIA = 'application/vnd.oci.image'

/**
 * Makes `dist/oci/NAME.tar`, an oci-archive of a package that is built and all that it needs: a layer for each package, so
 * that images share what they have in common. The same packages give the same bytes. Returns the file, relative to the root.
 */
export async function makeOci(
  root: string,
  pkg: Package,
  repository: Repository,
  signal: AbortSignal,
): Promise<string> {
  await using work = await workFolder()
  const layout = join(work.path, 'layout')
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true })
  const layers: (Layer & { name: string })[] = []
  for (const { name, file } of await tarsOf(root, pkg, repository, work.path)) {
    layers.push({ name, ...(await addLayer(layout, file, signal)) })
  }
  const config = await addJson(layout, `${MEDIA}.config.v1+json`, {
    created: CREATED,
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/bin/sh'], ...settings(pkg), Labels: labels(pkg) },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    // One for each layer: with fewer, Buildah makes nothing from such an image.
    history: layers.map(({ name }) => ({ created: CREATED, created_by: name })),
  })
  const manifest = await addJson(layout, `${MEDIA}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config,
    layers: layers.map(({ blob }) => blob),
  })
  const annotations = { 'org.opencontainers.image.ref.name': reference(pkg) }
  const manifests = [{ ...manifest, annotations }]
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  const archive = join(work.path, 'archive.tar')
  await packTar(layout, ['oci-layout', 'index.json', 'blobs'], archive, signal)
  // Awaited here: the folder goes when this block ends.
  return await publish(root, pkg.name, archive)
}

/** What an image is called; a tag may not have every letter that a version may. */
export function reference({ name, version }: Package): string {
  return `boot2podman/${name}:${version.replace(/[^\w.-]/g, '-')}`
}

/** The packages that have to be built for the image of this one: a program runs on the core, a toolchain on the C compiler. */
export function standsOn(pkg: Package, repository: Repository): string[] {
  const below = isToolchain(pkg) ? 'compiletc' : 'core'
  return repository.has(below) ? [...new Set([below, pkg.name])] : [pkg.name]
}

const CREATED = new Date(EPOCH * 1000).toISOString()

interface Tar {
  name: string
  file: string
}

/** The archives of the layers, the lowest first: as builds see them, so below a toolchain lies the base of a build root. */
async function tarsOf(root: string, pkg: Package, repository: Repository, work: string): Promise<Tar[]> {
  const names = closure(standsOn(pkg, repository), (name) => repository.get(name)?.deps ?? [])
  const tars = names.map((name) => ({ name, file: join(root, 'dist/build', `${name}.tar`) }))
  const [first, ...rest] = tars
    .filter(({ file }) => !existsSync(file))
    .map(({ name }) => ({
      where: `dist/build/${name}.tar`,
      what: 'is not there yet',
      fix: `to build it: ./b2p tcz ${name}`,
    }))
  if (first) throw new Problem(first, ...rest)
  return isToolchain(pkg) ? [{ name: 'base', file: await baseTar(work) }, ...tars] : tars
}

async function baseTar(work: string): Promise<string> {
  const folder = join(work, 'base')
  await mkdir(folder)
  await makeBase(folder)
  for (const name of ['build', 'build/src', 'build/out', 'tmp']) await mkdir(join(folder, name))
  // Whatever the umask of who builds is.
  await run('chmod', ['-R', 'u=rwX,go=rX', folder])
  await chmod(join(folder, 'tmp'), 0o1777)
  const tar = join(work, 'base.tar')
  await packTar(folder, (await readdir(folder)).sort(), tar)
  return tar
}

async function packTar(folder: string, names: string[], tar: string, signal?: AbortSignal): Promise<void> {
  const args = [
    ...[
      '--create',
      `--file=${tar}`,
      `--directory=${folder}`,
      '--format=gnu',
      '--sort=name',
      `--mtime=@${EPOCH}`,
    ],
    ...['--owner=root:0', '--group=root:0', '--numeric-owner', ...names],
  ]
  await run(...asRoot('tar', args), signal ? { signal } : {})
}

/** A toolchain's image is a build root: it has what `build.sh` finds there. */
function settings(pkg: Package): object {
  const { NAME: _name, VERSION: _version, RECIPE, ...rest } = environment(pkg)
  if (!isToolchain(pkg)) return { Env: list({ PATH: rest.PATH ?? '' }) }
  const build = { RECIPE: RECIPE ?? '', HOME: '/build', DESTDIR: '/build/out', LOG: '/build/log' }
  return {
    Env: list({ ...rest, ...build, SOURCE_DATE_EPOCH: String(EPOCH) }),
    WorkingDir: '/build/src',
  }
}

function list(environment: Record<string, string>): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`)
}

function labels({ name, version, licence, summary }: Package): Record<string, string> {
  const told = { title: `boot2podman/${name}`, version, licenses: licence, description: summary }
  return Object.fromEntries(
    Object.entries(told).map(([key, value]) => [`org.opencontainers.image.${key}`, value]),
  )
}

interface Blob {
  mediaType: string
  digest: string
  size: number
}

interface Layer {
  blob: Blob
  /** Of what is inside the compression. */
  diffId: string
}

async function addLayer(layout: string, tar: string, signal: AbortSignal): Promise<Layer> {
  const part = join(layout, 'layer.part')
  const [inside, outside] = [createHash('sha256'), createHash('sha256')]
  const gzip = createGzip({ level: 6 })
  await pipeline(createReadStream(tar), tee(inside), gzip, tee(outside), createWriteStream(part), { signal })
  const digest = outside.digest('hex')
  const { size } = await stat(part)
  await rename(part, join(layout, 'blobs/sha256', digest))
  return {
    blob: { mediaType: `${MEDIA}.layer.v1.tar+gzip`, digest: `sha256:${digest}`, size },
    diffId: `sha256:${inside.digest('hex')}`,
  }
}

function tee(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk)
      done(undefined, chunk)
    },
  })
}

async function addJson(layout: string, mediaType: string, value: object): Promise<Blob> {
  const data = Buffer.from(JSON.stringify(value))
  const digest = createHash('sha256').update(data).digest('hex')
  await writeFile(join(layout, 'blobs/sha256', digest), data)
  return { mediaType, digest: `sha256:${digest}`, size: data.length }
}

async function publish(root: string, name: string, archive: string): Promise<string> {
  const file = join('dist/oci', `${name}.tar`)
  const part = join(root, 'dist/oci', `.${name}.tar.part`)
  await mkdir(dirname(part), { recursive: true })
  try {
    await copyFile(archive, part)
    await rename(part, join(root, file))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return file
}
