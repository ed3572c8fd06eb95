import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { expect, test } from 'vitest'
import { debianMirror } from '../debian-mirror.ts'

const ROOT = join(import.meta.dirname, '../../..')

test('Containerfile: all that it installs can be had together in its Debian', async () => {
  const text = await readFile(join(ROOT, 'Containerfile'), 'utf8')
  const suite = /^FROM docker\.io\/library\/debian:(\w+)$/m.exec(text)?.[1] ?? ''
  const words = /apt-get install --no-install-recommends -y \\\n +(.*)$/m.exec(text)?.[1] ?? ''
  const needs = await run('./b2p', ['needs', 'build'], { cwd: ROOT })
  const names = words.replace('$(/tmp/b2p needs build)', needs).trim().split(/\s+/)
  expect(names).toEqual(expect.arrayContaining(['nodejs', 'npm', 'bubblewrap', 'xorriso']))
  // Fails when apt does not know one, or finds no way to install them.
  const options = ['--simulate', '--variant=minbase', `--include=${names.join(',')}`]
  await run('mmdebstrap', [...options, suite, '-', await debianMirror()])
})
