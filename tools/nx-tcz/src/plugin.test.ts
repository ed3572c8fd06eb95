import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { formatTree, readRepository } from '@boot2podman/tcz'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clone, makeWorkspace, recipe, type Workspace } from './fixture.ts'

const FILES = {
  ...recipe('core', ['busybox']),
  ...recipe('busybox', [], ['compiletc']),
  ...recipe('compiletc'),
  ...recipe('glib2-dev'),
  ...recipe('glib2', [], ['compiletc']),
  ...recipe('conmon', ['glib2'], ['compiletc', 'glib2-dev']),
  ...recipe('podman', ['conmon'], ['compiletc']),
  ...recipe('socat', [], ['compiletc']),
  ...recipe('kernel', [], ['compiletc']),
  ...recipe('initramfs', ['busybox']),
  ...recipe('isolinux'),
  'packages/conmon/check.sh': '#!/bin/sh -eu\n',
  'iso/tiny.json': JSON.stringify({
    kernel: 'kernel',
    initramfs: 'initramfs',
    bootloader: 'isolinux',
    extensions: ['core', 'podman'],
  }),
  'iso/larger.json': JSON.stringify({ extends: 'tiny', extensions: ['socat'] }),
  'packages/later/tcz.json': JSON.stringify({
    version: '1',
    licence: 'Apache-2.0',
    summary: 'Not pinned yet',
    source: { go: 'example.com/later' },
  }),
  'README.md': 'Read me.\n',
  'docs/architecture.md': 'How it works.\n',
}

let workspace: Workspace

beforeAll(async () => {
  workspace = await makeWorkspace(FILES)
  await workspace.tasks('-t', 'iso')
})
afterAll(() => workspace[Symbol.asyncDispose]())

test('a project is inferred from every recipe, the kernel and each image, with its targets', async () => {
  const { graph } = await graphOf(workspace.root)
  const targets = (name: string) => Object.keys(graph.nodes[name]?.data.targets ?? {})
  for (const name of ['conmon', 'podman', 'core', 'kernel']) {
    expect(targets(name)).toEqual(['source', 'build', 'tcz', 'check'])
  }
  expect(targets('tiny')).toEqual(['iso'])
  // Nobody has pinned it, and nothing needs it.
  expect(targets('later')).toEqual([])
  expect(targets('@boot2podman/kit')).toEqual(expect.arrayContaining(['test', 'lint', 'typecheck']))
})

test('edges come from .dep and .build-dep, and from what an image is made of', async () => {
  const { graph } = await graphOf(workspace.root)
  const edges = (name: string) => graph.dependencies[name]?.map(({ target }) => target).sort()
  expect(edges('conmon')).toEqual(['@boot2podman/builder', 'compiletc', 'glib2', 'glib2-dev'])
  expect(edges('compiletc')).toEqual(['@boot2podman/builder'])
  expect(edges('larger')).toEqual([...(edges('tiny') ?? []), 'socat', 'tiny'])
  expect(edges('tiny')).toEqual(['@boot2podman/image', 'core', 'initramfs', 'isolinux', 'kernel', 'podman'])
})

test('a recipe that changed: it, what depends on it and the image', async () => {
  await using changed = await changing('packages/conmon/build.sh')
  expect(changed.affected).toEqual(['conmon', 'larger', 'podman', 'tiny'])
  // podman runs with conmon, so it is packed and checked again; it is not built with it.
  expect(changed.missed).toEqual([
    'conmon:build',
    'conmon:check',
    'conmon:tcz',
    'larger:iso',
    'podman:check',
    'podman:tcz',
    'tiny:iso',
  ])
})

test('a package that others are built with: they are built again too', async () => {
  await using changed = await changing('packages/glib2-dev/build.sh')
  expect(changed.affected).toEqual(['conmon', 'glib2-dev', 'larger', 'podman', 'tiny'])
  expect(changed.missed).toEqual(expect.arrayContaining(['glib2-dev:build', 'conmon:build', 'tiny:iso']))
  expect(changed.missed).not.toContain('podman:build')
  expect(changed.missed).not.toContain('kernel:build')
})

test('its .dep: not built again, only packed', async () => {
  await using changed = await changing('packages/conmon/conmon.tcz.dep')
  expect(changed.missed).not.toContain('conmon:build')
  expect(changed.missed).toContain('conmon:tcz')
})

test('its check: only checked again', async () => {
  await using changed = await changing('packages/conmon/check.sh')
  expect(changed.missed).toEqual(['conmon:check'])
})

test.each(['README.md', 'docs/architecture.md', 'packages/conmon/README.md'])(
  'a note changed, %s: nothing is made again',
  async (file) => {
    await using changed = await changing(file)
    if (!file.startsWith('packages')) expect(changed.affected).toEqual([])
    expect(changed.missed).toEqual([])
  },
)

test.each([
  ['tools/builder/src/build.ts', 'kernel:build'],
  ['tools/sandbox/src/enter.sh', 'kernel:build'],
  ['tools/sources/src/local.ts', 'kernel:build'],
  ['tools/kit/src/run.ts', 'kernel:build'],
  ['tools/builder/src/pack.ts', 'kernel:tcz'],
  ['tools/builder/src/pack.sh', 'kernel:tcz'],
  ['tools/tcz/src/info.ts', 'kernel:tcz'],
])('a tool that makes packages changed, %s: all packages and the image, from %s on', async (file, first) => {
  await using changed = await changing(file)
  const packages = [...readRepository(workspace.root).keys()].filter((name) => name !== 'later')
  expect(changed.affected).toEqual(expect.arrayContaining([...packages, 'tiny']))
  const steps = ['kernel:build', 'kernel:tcz', 'podman:check', 'tiny:iso']
  const made = steps.slice(steps.indexOf(first))
  expect(changed.missed).toEqual(expect.arrayContaining(made))
  for (const step of steps.slice(0, steps.indexOf(first))) expect(changed.missed).not.toContain(step)
})

test('the tool that checks changed: all is checked again, nothing is built', async () => {
  await using changed = await changing('tools/builder/src/prove.ts')
  expect(changed.missed).toEqual(
    ['conmon:check', 'core:check', 'glib2:check', 'busybox:check', 'podman:check', 'socat:check'].sort(),
  )
})

test('the tool that makes images changed: the images alone', async () => {
  await using changed = await changing('tools/image/src/cli.ts')
  expect(changed.affected).toEqual(expect.arrayContaining(['@boot2podman/image', 'tiny']))
  expect(changed.affected).not.toContain('conmon')
  expect(changed.missed).toEqual(['larger:iso', 'tiny:iso'])
})

test('an image that another extends: both; that other: it alone', async () => {
  {
    await using changed = await changing('iso/tiny.json')
    expect(changed.affected).toEqual(['larger', 'tiny'])
    expect(changed.missed).toEqual(['larger:iso', 'tiny:iso'])
  }
  await using changed = await changing('iso/larger.json')
  expect(changed.affected).toEqual(['larger'])
  expect(changed.missed).toEqual(['larger:iso'])
})

test.each([
  'tools/qemu/src/added.ts',
  'tools/b2p/src/added.ts',
  'tools/builder/src/added.test.ts',
  // No package here has a source of this kind.
  'tools/sources/src/cargo.ts',
  'tools/kit/src/problem.ts',
  'tools/tcz/tcz.schema.json',
])('what makes no file of the image changed, %s: nothing is made again', async (file) => {
  await using changed = await changing(file)
  expect(changed.missed).toEqual([])
})

test('the same commit in another folder has the same hashes', async () => {
  await using other = await clone(workspace)
  const [here, there] = [await workspace.tasks('-t', 'iso'), await other.tasks('-t', 'iso')]
  const hashes = (tasks: typeof here) => Object.entries(tasks).map(([id, { hash }]) => `${id} ${hash}`)
  expect(hashes(there).sort()).toEqual(hashes(here).sort())
})

test('every .tree of this repository and the Nx graph are two views of one thing', async () => {
  const root = join(import.meta.dirname, '../../..')
  const packages = readRepository(root)
  const { graph } = await graphOf(root)
  for (const { name, deps, buildDeps } of packages.values()) {
    if (graph.nodes[name]?.data.tags.includes('unpinned')) continue
    const runsWith = (one: string) =>
      graph.nodes[one]?.data.targets.tcz?.dependsOn?.flatMap((on) =>
        typeof on === 'string' ? [] : (on.projects ?? []),
      ) ?? []
    expect(formatTree(name, runsWith)).toBe(formatTree(name, (one) => packages.get(one)?.deps ?? []))
    const edges = graph.dependencies[name]?.map(({ target }) => target).filter((one) => packages.has(one))
    expect(new Set(edges)).toEqual(new Set([...deps, ...buildDeps]))
  }
})

interface Graph {
  graph: {
    nodes: Record<
      string,
      {
        data: {
          tags: string[]
          targets: Record<string, { dependsOn?: (string | { projects?: string[] })[] }>
        }
      }
    >
    dependencies: Record<string, { target: string }[]>
  }
}

async function graphOf(root: string): Promise<Graph> {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js')
  const env = { NX_ISOLATE_PLUGINS: 'false' }
  return JSON.parse(await run(process.execPath, [nx, 'graph', '--print'], { cwd: root, env }))
}

/** What Nx says, and what it runs, when one file has one more line. Taken back at the end. */
async function changing(file: string): Promise<{ affected: string[]; missed: string[] } & AsyncDisposable> {
  const before = await readFile(join(workspace.root, file), 'utf8').catch(() => undefined)
  await workspace.write(file, `${before ?? ''}\n`)
  const affected = await workspace.nx('show', 'projects', '--affected', '--base=HEAD')
  const tasks = await workspace.tasks('-t', 'iso')
  return {
    affected: affected.trim().split('\n').filter(Boolean).sort(),
    missed: Object.keys(tasks)
      .filter((id) => !tasks[id]?.cached)
      .sort(),
    async [Symbol.asyncDispose]() {
      if (before === undefined)
        await run('git', ['clean', '--quiet', '--force', file], { cwd: workspace.root })
      else await workspace.write(file, before)
    },
  }
}
