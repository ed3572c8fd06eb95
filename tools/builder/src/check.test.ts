import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from '@boot2podman/kit'
import { expect, test } from 'vitest'
import { type Fixture, fixture } from './fixtures.ts'

/** Compiles for a recipe without build.sh: what its folder `files` holds is the package. */
async function compile({ root }: Fixture, path: string, source: string, ...flags: string[]): Promise<string> {
  const file = join(root, 'packages', path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(join(root, 'source.c'), source)
  await run('gcc', ['-o', file, join(root, 'source.c'), '-Wl,-z,relro', '-nostdlib', ...flags])
  return file
}

async function make({ cli }: Fixture, ...names: string[]): Promise<void> {
  for (const name of names) {
    expect(await cli('build', name)).toMatchObject({ code: 0 })
    expect(await cli('tcz', name)).toMatchObject({ code: 0 })
  }
}

const library = (one: Fixture) =>
  compile(
    one,
    'answer/files/usr/local/lib/libanswer.so',
    'int answer(void) { return 42; }',
    '-shared',
    '-Wl,-soname,libanswer.so',
    '-fPIC',
  )

const program = (one: Fixture, path: string, lib: string) =>
  compile(one, path, 'int answer(void); int _start(void) { return answer(); }', '-pie', '-fPIE', lib)

test('a library that the closure does not bring is missed; one that it brings is not', async () => {
  await using one = await fixture('closure')
  const lib = await library(one)
  await program(one, 'lost/files/usr/local/bin/lost', lib)
  await make(one, 'answer', 'lost')
  expect(await one.cli('check', 'answer')).toMatchObject({ code: 0 })
  const { code, output } = await one.cli('check', 'lost')
  expect(output).toContain(
    'packages/lost/lost.tcz.dep: usr/local/bin/lost needs libanswer.so, which no package brings\n',
  )
  expect(output).toContain('needs /lib64/ld-linux-x86-64.so.2, which no package brings')
  expect(code).toBe(1)
})

test('an edge that nothing uses is told; one to a package that stands for others is left alone', async () => {
  await using one = await fixture('closure')
  await library(one)
  await make(one, 'answer', 'group', 'idle')
  const { code, output } = await one.cli('check', 'idle')
  expect(output).toMatch(
    /^packages\/idle\/idle.tcz.dep: nothing in idle uses answer\n {2}take the line answer.tcz/,
  )
  expect(output.match(/nothing in/g)).toHaveLength(1)
  expect(code).toBe(1)
})

test('interpreters and what tcz.json calls are looked for, all at once', async () => {
  await using one = await fixture('closure')
  await make(one, 'calls')
  const { output } = await one.cli('check', 'calls')
  expect(output.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
    'packages/calls/calls.tcz.dep: usr/local/bin/calls needs python3, which no package brings',
    'packages/calls/tcz.json: it calls answers, which no package brings',
    'packages/calls/tcz.json: it calls /etc/nothing, which no package brings',
    '',
  ])
})

test('a check.sh that fails tells its last lines', async () => {
  await using one = await fixture('failing')
  await make(one, 'unchecked')
  const { code, output } = await one.cli('check', 'unchecked')
  expect(output).toBe(
    "packages/unchecked/check.sh: failed with exit code 1\n  + echo what it said\n  what it said\n  + cat /nothing\n  cat: can't open '/nothing': No such file or directory\n",
  )
  expect(code).toBe(1)
})

test('a program that is not position-independent is refused with all else that is wrong, and leaves no .tcz', async () => {
  await using one = await fixture('closure')
  const source = 'int main(void) { return 0; }'
  await compile(one, 'lost/files/usr/bin/fixed', source, '-no-pie', '-fno-pie', '-Wl,-e,main')
  await compile(
    one,
    'lost/files/usr/bin/hard',
    `int data = 1; ${source}`,
    '-pie',
    '-Wl,-z,norelro',
    '-Wl,-e,main',
  )
  await compile(one, 'lost/files/usr/bin/stack', source, '-pie', '-fPIE', '-Wl,-e,main', '-Wl,-z,execstack')
  await compile(one, 'lost/files/usr/bin/path', source, '-pie', '-Wl,-e,main', '-Wl,-rpath,/build/out')
  await writeFile(join(one.root, 'packages/lost/files/usr/bin/set'), '', { mode: 0o755 })
  await run('chmod', ['4755', join(one.root, 'packages/lost/files/usr/bin/set')])
  expect(await one.cli('build', 'lost')).toMatchObject({ code: 0 })
  const { output, code } = await one.cli('tcz', 'lost')
  expect(output.split('\n').filter((line) => line.startsWith('packages'))).toEqual([
    'packages/lost: usr/bin/set in lost.tcz has the mode 4755: set-uid or set-gid',
    'packages/lost: usr/bin/path in lost.tcz looks for libraries in the build folder: /build/out',
    'packages/lost: usr/bin/fixed in lost.tcz is not position-independent (PIE)',
    'packages/lost: usr/bin/hard in lost.tcz has no read-only relocations (RELRO)',
    'packages/lost: usr/bin/stack in lost.tcz asks for an executable stack',
  ])
  expect(code).toBe(1)
  await expect(run('ls', [join(one.root, 'dist/tcz/lost.tcz')])).rejects.toThrow()
})
