import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { makeWorkspace, recipe } from './fixture.ts'

test('as Nx runs it: a folder that is a project at once', async () => {
  await using workspace = await makeWorkspace(recipe('compiletc'))
  const said = await workspace.nx('generate', '@boot2podman/nx-tcz:package', 'hi', '--kind=local')
  // Nx writes in colours where it takes the reader for one who sees them, as in CI.
  expect(stripVTControlCharacters(said)).toContain('CREATE packages/hi/source/main.c')
  expect(await readFile(join(workspace.root, 'packages/hi/tcz.json'), 'utf8')).toContain('"The program hi"')
  expect(JSON.parse(await workspace.nx('show', 'project', 'hi', '--json')).targets).toHaveProperty('check')
})
