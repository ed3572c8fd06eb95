import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { boot } from '../machines.ts'
import { pushed } from '../oci-image.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** As tools/builder packs a small package. */
const PACK = `tar --create --format=gnu --sort=name --owner=root:0 --group=root:0 --numeric-owner -C /build/out usr |
  env -u SOURCE_DATE_EPOCH mksquashfs - /build/packed/socket-activate.tcz -tar -comp zstd -Xcompression-level 19 -b 16K -no-fragments -no-xattrs \\
  -no-exports -noappend -no-progress -quiet -root-mode 755 -all-time 1767225600 -mkfs-time 1767225600`

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
  await machine.run('mkdir -p /tmp/b/src /tmp/b/recipe /tmp/b/out /tmp/b/packed')
  await machine.run(`cat >/tmp/b/src/socket-activate.c <<'END'\n${code}END`)
  await machine.run(`cat >/tmp/b/recipe/build.sh <<'END'\n${script}END`)
  await machine.run(`cat >/tmp/b/recipe/pack.sh <<'END'\n${PACK}\nEND`)
  const binds = ['src', 'recipe:ro', 'out', 'packed'].map(
    (one) => `-v /tmp/b/${one.split(':')[0]}:/build/${one}`,
  )
  const options = ['--rm', '--network none', '--tls-verify=false', ...binds].join(' ')
  const steps = 'for step in build pack; do sh -eu /build/recipe/$step.sh; done'
  await machine.run(`podman run ${options} ${toolchain} sh -euc '${steps}'`, { timeout: 900 })

  const ours = await readFile(join(ROOT, 'dist/tcz/socket-activate.tcz.sha256'), 'utf8')
  expect(await machine.run('cd /tmp/b/packed && sha256sum socket-activate.tcz')).toBe(ours)
}, 1_500_000)
