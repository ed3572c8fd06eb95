import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guard, run } from '@boot2podman/kit'
import manifest from '../package.json' with { type: 'json' }

const ROOT = join(import.meta.dirname, '../../..')
const MOST_BYTES = 1_000_000

// Makes the npm package, dist/npm/podman-machine-VERSION.tgz: the program bundled, for any Node from 20 on.
await guard(async () => {
  const staging = await mkdtemp(join(tmpdir(), 'podman-machine-'))
  try {
    await bundle(join(staging, 'dist'))
    await writeFile(join(staging, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`)
    await copyFile(join(ROOT, 'docs/podman-machine.md'), join(staging, 'README.md'))
    await copyFile(join(ROOT, 'LICENSE'), join(staging, 'LICENSE'))
    const to = join(ROOT, 'dist/npm')
    await mkdir(to, { recursive: true })
    const [packed] = JSON.parse(
      await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', to], { cwd: staging }),
    )
    if (packed.size > MOST_BYTES) throw new Error(`${packed.filename} has ${packed.size} bytes`)
    console.log(`dist/npm/${packed.filename}: ${packed.size} bytes`)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
})

async function bundle(folder: string): Promise<void> {
  const build = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).catch(() => 'none')
  await run(
    process.execPath,
    [join(ROOT, 'node_modules/rolldown/bin/cli.mjs'), '-c', 'rolldown.config.mjs'],
    {
      cwd: join(import.meta.dirname, '..'),
      env: { PODMAN_MACHINE_OUTPUT: folder, PODMAN_MACHINE_BUILD: build.trim() },
    },
  )
}

/** What npm has to know of it. All that it imports is in it. */
function published() {
  const { name, version, description, license, type, engines } = manifest
  return {
    ...{ name, version, description, license, type, engines },
    bin: { 'podman-machine': 'dist/podman-machine.js' },
    files: ['dist'],
    keywords: ['podman', 'docker', 'containers', 'qemu', 'virtual machine'],
  }
}
