import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLayer } from './layer.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-'))
  process.env.B2P_CACHE = join(folder, 'cache')
})

afterEach(async () => {
  delete process.env.B2P_CACHE
  await rm(folder, { recursive: true })
})

async function squash(content: string): Promise<string> {
  const tcz = join(folder, 'a.tcz')
  await mkdir(join(folder, 'tree/usr'), { recursive: true })
  await writeFile(join(folder, 'tree/usr/file'), content)
  await run('mksquashfs', [join(folder, 'tree'), tcz, '-noappend', '-quiet', '-no-progress'])
  return tcz
}

test('opened by several at once there is one folder, and nothing beside it', async () => {
  const tcz = await squash('one')
  const opened = await Promise.all([openLayer(tcz), openLayer(tcz), openLayer(tcz)])
  expect(new Set(opened).size).toBe(1)
  expect(await readFile(join(opened[0] ?? '', 'usr/file'), 'utf8')).toBe('one')
  expect(await readdir(join(folder, 'cache/layers'))).toHaveLength(1)
  expect(await readdir(join(folder, 'cache/work'))).toEqual([])
})

test('another content is another folder', async () => {
  const one = await openLayer(await squash('one'))
  expect(await openLayer(await squash('two'))).not.toBe(one)
})

test('a file that is no .tcz leaves no layer', async () => {
  await writeFile(join(folder, 'bad.tcz'), 'not a file system')
  await expect(openLayer(join(folder, 'bad.tcz'))).rejects.toThrow('unsquashfs')
  expect(await readdir(join(folder, 'cache'))).toEqual(['work'])
  expect(await readdir(join(folder, 'cache/work'))).toEqual([])
})
