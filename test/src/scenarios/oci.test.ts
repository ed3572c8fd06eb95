import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { expect, onTestFinished, test } from 'vitest'
import { boot } from '../machines.ts'
import { pushed } from '../oci-image.ts'

const ROOT = join(import.meta.dirname, '../../..')

test('the core is a container, and a recipe built in the toolchain, by a user, is the same to the byte', async () => {
  const [core, compiletc] = [await pushed('core'), await pushed('compiletc')]
  await using machine = await boot({ memory: 2048 })
  const release = await machine.run(`podman run --rm --tls-verify=false ${core} cat /etc/os-release`, {
    timeout: 240,
  })
  expect(release).toBe(await machine.run('cat /etc/os-release'))

  const recipe = 'packages/socket-activate'
  const code = await readFile(join(ROOT, recipe, 'source/socket-activate.c'), 'utf8')
  const script = await readFile(join(ROOT, recipe, 'build.sh'), 'utf8')
  await machine.run('mkdir -p /tmp/b/src /tmp/b/recipe /tmp/b/out')
  await machine.run(`cat >/tmp/b/src/socket-activate.c <<'END'\n${code}END`)
  await machine.run(`cat >/tmp/b/recipe/build.sh <<'END'\n${script}END`)
  const binds = ['src', 'recipe:ro', 'out'].map((one) => `-v /tmp/b/${one.split(':')[0]}:/build/${one}`)
  const options = ['--rm', '--network none', '--tls-verify=false', ...binds].join(' ')
  await machine.run(`podman run ${options} ${compiletc} sh -eu /build/recipe/build.sh`, { timeout: 900 })

  const work = await mkdtemp(join(tmpdir(), 'oci-'))
  onTestFinished(() => rm(work, { recursive: true }))
  await run('tar', ['-xf', join(ROOT, 'dist/build/socket-activate.tar'), '-C', work])
  const program = 'usr/local/sbin/socket-activate'
  const ours = createHash('sha256').update(await readFile(join(work, program)))
  expect((await machine.run(`sha256sum <"/tmp/b/out/${program}"`)).slice(0, 64)).toBe(ours.digest('hex'))
}, 1_500_000)
