import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeAtomic } from './write-atomic.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kit-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('makes the folder, and leaves nothing beside the file', async () => {
  await writeAtomic(join(folder, 'a/b/file'), 'text')
  expect(await readdir(join(folder, 'a/b'))).toEqual(['file'])
  expect(await readFile(join(folder, 'a/b/file'), 'utf8')).toBe('text')
})

test('takes the place of what was there', async () => {
  await writeFile(join(folder, 'file'), 'a longer text than the new one')
  await writeAtomic(join(folder, 'file'), new Uint8Array([104, 105]))
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('hi')
})

test('when it cannot be put in place, the old stays and no part is left', async () => {
  await mkdir(join(folder, 'file/inside'), { recursive: true })
  await expect(writeAtomic(join(folder, 'file'), 'text')).rejects.toThrow()
  expect(await readdir(folder)).toEqual(['file'])
})

test('a reader never sees a part of it', async () => {
  const file = join(folder, 'file')
  const texts = ['a', 'b'].map((letter) => letter.repeat(1_000_000))
  await writeAtomic(file, texts[0] ?? '')
  const writing = Promise.all(texts.map((text) => writeAtomic(file, text)))
  let done = false
  writing.finally(() => {
    done = true
  })
  while (!done) expect(texts).toContain(await readFile(file, 'utf8'))
})
