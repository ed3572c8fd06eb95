import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Fixture, fixture } from './fixtures.ts'

/*
 * Every message that somebody can cause by a mistake in a recipe: what was written, and what is said. It is always the
 * recipe packages/x; what is not told of it is right. Where several mistakes may be made at once, all are said at once.
 */

/** Below packages/x: texts; with `#!` at the start they are scripts, with `->` links. */
type Files = Record<string, string>

const recipe = (change: object = {}) => ({
  'tcz.json': JSON.stringify(
    { version: '1', licence: 'MIT', summary: 'A package for a test', source: { local: '.' }, ...change },
    undefined,
    2,
  ),
})

const script = (text: string) => `#!/bin/sh -eu\n${text}\n`

/** A package that is one file, made by a recipe. */
const holds = (path: string, more = '') => ({
  'x.tcz.build-dep': 'toolchain.tcz\n',
  'build.sh': script(`mkdir -p "$DESTDIR/${dirname(path)}"\ncd "$DESTDIR"\n: >${path}\n${more}`),
})

const packed = (path: string, what: string, fix?: string) =>
  `packages/x: ${path} in x.tcz ${what}${fix === undefined ? '' : `\n  ${fix}`}`

const HASH = '0'.repeat(64)
const lock = (file: object) =>
  JSON.stringify({ files: [{ name: 'x.tar', version: '1', sha256: HASH, ...file }] })

const IN_TCZ_JSON: [wrong: string, files: Files, said: string][] = [
  ['nothing in it', { 'tcz.json': '' }, 'packages/x/tcz.json: is empty'],
  [
    'a comma too few',
    { 'tcz.json': '{\n  "version": "1"\n  "licence": "MIT"\n}' },
    'packages/x/tcz.json:3: comma expected',
  ],
  [
    'a field that is not known',
    recipe({ verison: '2' }),
    `packages/x/tcz.json:8: "verison" is not known here
  known: $schema, version, licence, summary, author, site, tags, calls, source`,
  ],
  [
    'fields too few',
    { 'tcz.json': '{ "version": "1", "source": { "local": "." } }' },
    'packages/x/tcz.json:1: "licence" is missing\npackages/x/tcz.json:1: "summary" is missing',
  ],
  [
    'a summary too short',
    recipe({ summary: 'short' }),
    'packages/x/tcz.json:4: "summary" must NOT have fewer than 8 characters',
  ],
  [
    'a summary too long',
    recipe({ summary: 'x'.repeat(81) }),
    'packages/x/tcz.json:4: "summary" must NOT have more than 80 characters',
  ],
  [
    'a version with a blank',
    recipe({ version: '1 2' }),
    'packages/x/tcz.json:2: "version" must match pattern "^[0-9A-Za-z][0-9A-Za-z.+~_-]*$"',
  ],
  [
    'a site that is no address',
    recipe({ site: 'example.org' }),
    'packages/x/tcz.json:8: "site" must match pattern "^https?://"',
  ],
  [
    'a tag twice',
    recipe({ tags: ['a', 'a'] }),
    'packages/x/tcz.json:8: "tags" must NOT have duplicate items (items ## 1 and 0 are identical)',
  ],
  [
    'a source of no kind',
    recipe({ source: { rpm: 'x' } }),
    'packages/x/tcz.json:5: this is no kind of source\n  expected one of go, cargo, debsrc, deb, url, local',
  ],
  [
    'an address that is none',
    recipe({ source: { url: 'x.tar.gz' } }),
    'packages/x/tcz.json:6: "source.url" must match pattern "^https?://"',
  ],
  [
    'a folder from the root',
    recipe({ source: { local: '/src' } }),
    'packages/x/tcz.json:6: "source.local" must match pattern "^[^/]"',
  ],
  [
    'no Debian package',
    recipe({ source: { deb: [] } }),
    'packages/x/tcz.json:6: "source.deb" must NOT have fewer than 1 items',
  ],
  [
    'a suite that is not known',
    recipe({ source: { debsrc: 'x', suite: 'sid' } }),
    'packages/x/tcz.json:7: "source.suite" is not one of those known\n  expected one of trixie, trixie-backports, forky',
  ],
]

const IN_DEP: [wrong: string, files: Files, said: string][] = [
  [
    'a line that is no name',
    { 'x.tcz.dep': 'core\n' },
    'packages/x/x.tcz.dep:1: "core" is not the name of an extension\n  expected one file name a line, such as glib2.tcz',
  ],
  [
    'a name twice',
    { 'x.tcz.dep': 'core.tcz\n\ncore.tcz\n' },
    'packages/x/x.tcz.dep:3: "core.tcz" is named twice',
  ],
  [
    'a package that there is not',
    { 'x.tcz.dep': 'glib2.tcz\n' },
    'packages/x/x.tcz.dep:1: there is no package "glib2"\n  make it, in packages/glib2, or take this line out',
  ],
  [
    'one to build with that is nearly there',
    { 'x.tcz.build-dep': 'tool.tcz\n' },
    'packages/x/x.tcz.build-dep:1: there is no package "tool"\n  did you mean toolchain?',
  ],
  [
    'itself',
    { 'x.tcz.dep': 'x.tcz\n' },
    'x: needs itself: x -> x\n  take one of these edges out of its .dep or .build-dep file',
  ],
  [
    'what nothing uses',
    { 'x.tcz.dep': 'toolchain.tcz\n', ...holds('usr/local/share/x') },
    `packages/x/x.tcz.dep: nothing in x uses toolchain
  take the line toolchain.tcz out; or, if it is started or read by name, name that in "calls" of tcz.json`,
  ],
]

/** Answers `/x.tar` with what nobody pinned; nothing else is there. */
const server = createServer(({ url }, response) => {
  response.writeHead(url === '/x.tar' ? 200 : 404).end('not what it was')
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const OTHER = createHash('sha256').update('not what it was').digest('hex')

const IN_SOURCE: [wrong: string, files: Files, said: string][] = [
  [
    'a folder that is not there',
    recipe({ source: { local: 'src' } }),
    'packages/x/tcz.json: there is no folder "src" here\n  expected a folder below packages/x, or "." for that one itself',
  ],
  [
    'no pin',
    recipe({ source: { deb: ['hello'] } }),
    'packages/x: its source was never pinned\n  ./b2p pin x',
  ],
  [
    'a lock by hand',
    { ...recipe({ source: { deb: ['hello'] } }), 'tcz.lock': '{ "x": 1 }' },
    'packages/x/tcz.lock: this is not a lock file\n  pin writes it, nobody else: ./b2p pin x',
  ],
  [
    'another version than the pin',
    { ...recipe({ version: '2', source: { url: 'http://127.0.0.1/x' } }), 'tcz.lock': lock({}) },
    'packages/x/tcz.json: asks for x 2, but 1 is pinned\n  to pin what there is now: ./b2p pin x',
  ],
  [
    'an address that is gone',
    { ...recipe({ source: { url: `${address}/gone.tar` } }), 'tcz.lock': lock({}) },
    `packages/x: ${address}/gone.tar was refused: 404 Not Found
  put the address it has now into packages/x/tcz.json, then: ./b2p pin x`,
  ],
  [
    'a tarball that is not the pinned one',
    { ...recipe({ source: { url: `${address}/x.tar` } }), 'tcz.lock': lock({}) },
    `packages/x/tcz.lock: x.tar has a wrong checksum: expected ${HASH}, got ${OTHER}
  somebody changed the file behind the pin: find out why before you pin it anew`,
  ],
  [
    'a machine that cannot be reached',
    { ...recipe({ source: { url: 'http://nobody.invalid/x.tar' } }), 'tcz.lock': lock({}) },
    'packages/x: its source is not in the cache yet, and the network cannot be reached\n  what failed:\n',
  ],
  [
    'a pin that the archive does not hold',
    { ...recipe({ source: { debsrc: 'x' } }), 'tcz.lock': lock({ package: 'x', suite: 'trixie' }) },
    'packages/x: Debian no longer holds x 1\n  it has none at all; look for another suite or name in packages/x/tcz.json',
  ],
  [
    'a Go module that go.mod does not have as it was pinned',
    {
      ...recipe({ source: { go: 'example.org/x' } }),
      'go.mod': 'module x\n',
      'tcz.lock': lock({ name: 'go.mod' }),
    },
    'packages/x/go.mod: it was changed since it was pinned\n  to pin it as it is: ./b2p pin x',
  ],
  [
    'a kind whose compiler is no package',
    { ...recipe({ source: { cargo: 'x' } }), 'tcz.lock': lock({ name: 'x-1.crate' }) },
    'packages/x/tcz.json: a source of this kind is fetched with the package "rust", and there is none',
  ],
  [
    'a patch that does not fit',
    {
      'patches/1.patch': '--- a/none\n+++ b/none\n@@ -1 +1 @@\n-a\n+b\n',
    },
    "packages/x/patches/1.patch: does not apply to 1\n  can't find file to patch at input line 3",
  ],
]

const IN_BUILD: [wrong: string, files: Files, said: string][] = [
  [
    'a command that fails',
    { 'x.tcz.build-dep': 'toolchain.tcz\n', 'build.sh': script('echo no luck\nexit 3') },
    'packages/x/build.sh: failed with exit code 3\n  no luck\n  all that it wrote: dist/build/x.log',
  ],
  [
    'nothing to build with',
    { 'build.sh': script('true') },
    'packages/x/x.tcz.build-dep: nothing in it, or in what that needs, has a shell to run build.sh with\n  compiletc.tcz',
  ],
  [
    'one to build with that is not built',
    { 'x.tcz.build-dep': 'late.tcz\n', '../late/tcz.json': recipe()['tcz.json'], 'build.sh': script('true') },
    'packages/x: dist/tcz/late.tcz is not there yet\n  to build it: ./b2p tcz late',
  ],
  [
    'a rootfs over a link',
    { ...holds('usr/x', 'ln -s /etc usr/local'), 'rootfs/usr/local/x': '' },
    'packages/x/rootfs/usr/local: is a folder, and the build made a link there',
  ],
  [
    'owners that are none',
    { 'rootfs.owners': 'usr/x root root 4755\n' },
    'packages/x/rootfs.owners:1: "usr/x root root 4755" is not a path with its owner\n  expected PATH UID GID MODE, such as home/tc 1001 50 755',
  ],
  [
    'an owner of what is not there',
    { ...holds('usr/x'), 'rootfs.owners': 'usr/y 0 0 4755\n' },
    'packages/x/rootfs.owners: there is no usr/y in x',
  ],
]

const PIE = 'CFLAGS=-fPIE LDFLAGS=-pie, or -static-pie'
const IN_PACKAGE: [wrong: string, files: Files, said: string][] = [
  [
    'a place of its own',
    holds('data/x'),
    packed(
      'data',
      'is no place for files',
      'expected one of boot, etc, home, init, opt, root, run, srv, usr, var',
    ),
  ],
  [
    'a folder bin',
    holds('bin/x'),
    packed('bin', 'is no link into usr', 'install into usr/bin, or usr/local/bin'),
  ],
  ['a file in /tmp', holds('tmp/x'), packed('tmp/x', 'lies where a machine mounts something of its own')],
  [
    'a name of two lines',
    holds('usr/x', "touch 'usr/a\nb'"),
    packed('"usr/a\\nb"', 'has a name that is not plain UTF-8'),
  ],
  [
    'a link out of it',
    holds('usr/x', 'ln -s ../../x usr/y'),
    packed('usr/y', 'is a link that leaves the package: ../../x'),
  ],
  [
    'a manual page',
    holds('usr/local/share/man/man1/x.1'),
    packed('usr/local/share/man/man1/x.1', 'is of no use while a machine runs', 'do not install it'),
  ],
  [
    'a header',
    holds('usr/local/include/x.h'),
    packed(
      'usr/local/include/x.h',
      'is of no use while a machine runs',
      'do not install it, or make a package x-dev',
    ),
  ],
  [
    'a set-uid program',
    holds('usr/x', 'chmod 4755 usr/x'),
    packed(
      'usr/x',
      'has the mode 4755: set-uid or set-gid',
      'install it without; if it must be, give it a line in rootfs.owners',
    ),
  ],
  [
    'a file for everybody',
    holds('usr/x', 'chmod 666 usr/x'),
    packed('usr/x', 'may be written by everybody: mode 666', 'install it with 755 or 644'),
  ],
  [
    'a link into the build',
    holds('usr/x', 'ln -s /build/src/y usr/y'),
    packed('usr/y', 'names the build folder', 'DESTDIR is in no path'),
  ],
  [
    'a program that is no PIE',
    holds('usr/y', 'cat "$RECIPE/EXEC" >usr/x'),
    packed('usr/x', 'is not position-independent (PIE)', PIE),
  ],
  [
    'one without RELRO',
    holds('usr/y', 'cat "$RECIPE/NO-RELRO" >usr/x'),
    packed('usr/x', 'has no read-only relocations (RELRO)', 'C: LDFLAGS=-Wl,-z,relro; Go: -buildmode=pie'),
  ],
  [
    'one that runs its stack',
    holds('usr/y', 'cat "$RECIPE/STACK" >usr/x'),
    packed(
      'usr/x',
      'asks for an executable stack',
      'link with -z noexecstack; an assembler file wants a .note.GNU-stack section',
    ),
  ],
]

const looked = (file: string) =>
  `looked for in x, all that its .dep leads to, and the core; add the package that has it to ${file}`
const IN_CLOSURE: [wrong: string, files: Files, said: string][] = [
  [
    'a library that nobody brings',
    holds('usr/y', 'cat "$RECIPE/GOOD" >usr/x'),
    `packages/x/x.tcz.dep: usr/x needs /lib64/ld-linux-x86-64.so.2, which no package brings\n  ${looked('x.tcz.dep')}`,
  ],
  [
    'an interpreter that nobody brings',
    holds('usr/y', 'printf "#!/usr/bin/perl\\n" >usr/x; chmod 755 usr/x'),
    `packages/x/x.tcz.dep: usr/x needs /usr/bin/perl, which no package brings\n  ${looked('x.tcz.dep')}`,
  ],
  [
    'a link to nothing',
    holds('usr/y', 'ln -s gone usr/x'),
    `packages/x/x.tcz.dep: usr/x needs /usr/gone, which no package brings\n  ${looked('x.tcz.dep')}`,
  ],
  [
    'a call of what nobody brings',
    { ...recipe({ calls: ['ssh'] }), ...holds('usr/x') },
    `packages/x/tcz.json: it calls ssh, which no package brings\n  ${looked('x.tcz.dep')}`,
  ],
  [
    'a check that fails',
    { ...holds('usr/x'), 'check.sh': script('test -s /usr/x') },
    'packages/x/check.sh: failed with exit code 1\n  + test -s /usr/x',
  ],
]

let one: Fixture
beforeAll(async () => {
  one = await fixture('hello')
  // An archive of Debian's that was asked a moment ago and holds nothing.
  const apt = join(one.cache, 'apt/trixie')
  await mkdir(join(apt, 'lists/partial'), { recursive: true })
  const nothing = `Dir::State "${apt}"; Dir::State::lists "${apt}/lists"; Dir::Cache "${apt}"; Dir::State::status "/dev/null";
Dir::Etc::sourcelist "/dev/null"; Dir::Etc::sourceparts "/dev/null";`
  await writeFile(join(apt, 'apt.conf'), nothing)
  await writeFile(join(apt, 'updated'), '')
})
afterAll(async () => {
  server.close()
  await one[Symbol.asyncDispose]()
})
beforeEach(async () => {
  for (const name of ['x', 'late'])
    await rm(join(one.root, 'packages', name), { recursive: true, force: true })
  await rm(join(one.root, 'dist/build'), { recursive: true, force: true })
})

const ALL = [IN_TCZ_JSON, IN_DEP, IN_SOURCE, IN_BUILD, IN_PACKAGE, IN_CLOSURE].flat()

test.each(ALL)('%s', async (_, files, said) => {
  await write({ ...recipe(), ...files })
  const { code, output } = await steps()
  expect(output).not.toMatch(/^\s+at /m)
  expect(output.slice(0, said.length)).toBe(said)
  expect(code).toBe(1)
})

/** Builds, packs and checks, as far as it goes. Lines of what went well are left out. */
async function steps() {
  for (const step of ['build', 'tcz', 'check']) {
    const { code, output } = await one.cli(step, 'x')
    if (code !== 0)
      return { code, output: output.replace(/^x: .*\n/gm, (line) => (/needs itself/.test(line) ? line : '')) }
  }
  return { code: 0, output: '' }
}

async function write(files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(one.root, 'packages/x', name)
    await mkdir(dirname(path), { recursive: true })
    if (text.startsWith('->')) await symlink(text.slice(2), path)
    else await writeFile(path, text)
    if (text.startsWith('#!')) await chmod(path, 0o755)
    for (const kind of ['GOOD', 'EXEC', 'NO-RELRO', 'STACK'] as const) {
      if (text.includes(`$RECIPE/${kind}`))
        await writeFile(join(one.root, 'packages/x', kind), await program(kind))
    }
  }
}

const EXEC = 2
const [GNU_STACK, GNU_RELRO] = [0x6474e551, 0x6474e552]

/** One of this machine's own programs, or what it would be if it had been linked otherwise. */
async function program(kind: 'GOOD' | 'EXEC' | 'NO-RELRO' | 'STACK'): Promise<Buffer> {
  const elf = await readFile('/usr/bin/true')
  if (kind === 'EXEC') elf.writeUInt16LE(EXEC, 16)
  const [start, size, count] = [Number(elf.readBigUInt64LE(32)), elf.readUInt16LE(54), elf.readUInt16LE(56)]
  for (let at = start; at < start + size * count; at += size) {
    const type = elf.readUInt32LE(at)
    // A segment of no kind; flags: read, write, execute.
    if (kind === 'NO-RELRO' && type === GNU_RELRO) elf.writeUInt32LE(0, at)
    if (kind === 'STACK' && type === GNU_STACK) elf.writeUInt32LE(7, at + 4)
  }
  return elf
}
