import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { boot } from '../machines.ts'
import { pushed } from '../oci-image.ts'

const ROOT = join(import.meta.dirname, '../../..')

test('the core is a container; a recipe built and packed in the toolchain, by a user, is the same to the byte', async () => {
  const [core, toolchain] = [await pushed('core'), await pushed('squashfs-tools')]
  await using machine = await boot({ memory: 2048 })
  const release = await machine.run(`podman run --rm --tls-verify=false ${core} cat /etc/os-release`, {
    timeout: 240,
  })
  expect(release).toBe(await machine.run('cat /etc/os-release'))

  const recipe = 'packages/socket-activate'
  const code = await readFile(join(ROOT, recipe, 'source/socket-activate.c'), 'utf8')
  const script = await readFile(join(ROOT, recipe, 'build.sh'), 'utf8')
  const pack = await readFile(
    join(ROOT, 'packages/tcz-build/rootfs/usr/local/share/tcz-build/pack.sh'),
    'utf8',
  )
  await machine.run('mkdir -p /tmp/b/src /tmp/b/recipe /tmp/b/out /tmp/b/packed')
  await machine.run(`cat >/tmp/b/src/socket-activate.c <<'END'\n${code}END`)
  await machine.run(`cat >/tmp/b/recipe/build.sh <<'END'\n${script}END`)
  await machine.run(`cat >/tmp/b/recipe/pack.sh <<'PACK'\n${pack}PACK`)
  const binds = ['src', 'recipe:ro', 'out', 'packed'].map(
    (one) => `-v /tmp/b/${one.split(':')[0]}:/build/${one}`,
  )
  const options = ['--rm', '--network none', '--tls-verify=false', ...binds].join(' ')
  const build = 'sh -eu /build/recipe/build.sh'
  const steps = `${build}; sh /build/recipe/pack.sh /build/out /build/recipe /build/packed/socket-activate.tcz`
  await machine.run(`podman run ${options} ${toolchain} sh -euc '${steps}'`, { timeout: 900 })

  const ours = await readFile(join(ROOT, 'dist/tcz/socket-activate.tcz.sha256'), 'utf8')
  expect(await machine.run('cd /tmp/b/packed && sha256sum socket-activate.tcz')).toBe(ours)
}, 1_500_000)
