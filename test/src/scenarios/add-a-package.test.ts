import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownTree } from '../own-tree.ts'
import { type PageCommand, pageCommands } from '../page.ts'

const PAGE = join(import.meta.dirname, '../../../docs/add-a-package.md')
const PROMPT = 'tc@box:~$ '

let tree: Awaited<ReturnType<typeof ownTree>>
beforeAll(async () => {
  tree = await ownTree()
}, 120_000)
afterAll(() => tree[Symbol.asyncDispose]())

test("docs/add-a-package.md: the page's own commands, as written, in less than ten minutes", async () => {
  const commands = pageCommands(await readFile(PAGE, 'utf8'))
  expect(commands.length).toBeGreaterThan(5)
  const begun = Date.now()
  for (const one of commands) {
    const said = await type(one)
    for (const line of one.shows) expect(said, one.command).toContain(line)
    if (one.inside.length > 0) {
      const files = commands[0]?.shows.length ?? 0
      console.log(`from new to loaded: ${Math.round((Date.now() - begun) / 1000)} s, ${files} files`)
    }
  }
}, 900_000)

const NAME = 'made-by-a-test'
const MAIN = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'

/** Sources of one small program, each built in another way. */
const SOURCES: Record<string, Record<string, string>> = {
  make: {
    'main.c': MAIN,
    Makefile: `hello: main.c
\t$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $<
install: hello
\tinstall -Dm755 hello $(DESTDIR)$(PREFIX)/bin/hello
`,
  },
  meson: {
    'main.c': MAIN,
    'meson.build': "project('hello', 'c')\nexecutable('hello', 'main.c', install: true)\n",
  },
  autotools: {
    'main.c': MAIN,
    'configure.ac': `AC_INIT([hello], [1.0])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
`,
    'Makefile.am': 'bin_PROGRAMS = hello\nhello_SOURCES = main.c\n',
  },
}

test.each(Object.keys(SOURCES))('a tarball that is built by %s: new, and it builds', async (system) => {
  await using folder = await tarball(SOURCES[system] ?? {})
  const server = createServer((_, answer) => createReadStream(join(folder.path, 'hello.tar.gz')).pipe(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello-1.0.tar.gz`
    await newBuilds(`--kind url --from ${address}`)
  } finally {
    server.close()
  }
})

test.each([
  ['files of a Debian package', '--kind deb --from hello'],
  ['a program in Go', '--kind go --from github.com/rhysd/actionlint/cmd/actionlint --program actionlint'],
  ['a crate', '--kind cargo --from hexyl --program hexyl'],
])('%s: new, and it builds', async (_, options) => {
  await newBuilds(options)
})

async function newBuilds(options: string): Promise<void> {
  const program = options.includes('--program') ? '' : '--program hello'
  try {
    await type({ command: `./b2p new ${NAME} ${options} ${program} --licence MIT`, shows: [], inside: [] })
    const said = await type({ command: `./b2p tcz ${NAME}`, shows: [], inside: [] })
    expect(said).toMatch(new RegExp(`^${NAME} .* (built|cache|(packed|checked) anew)$`, 'm'))
  } finally {
    await rm(join(tree.path, 'packages', NAME), { recursive: true, force: true })
  }
}

async function tarball(files: Record<string, string>): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'b2p-tarball-'))
  await mkdir(join(path, 'hello-1.0'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, 'hello-1.0', name), text)
  await run('tar', ['-C', path, '-czf', join(path, 'hello.tar.gz'), 'hello-1.0'])
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

/** Types a command into a shell, and what belongs into the machine at its prompts. What was written is returned. */
async function type({ command, inside }: PageCommand): Promise<string> {
  const shell = spawn('sh', ['-c', command], {
    cwd: tree.path,
    stdio: [inside.length > 0 ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  })
  let said = ''
  // Of what a command in the machine writes the next one's prompt is the end.
  const pending = [...inside]
  const hear = (piece: Buffer) => {
    said += piece.toString().replaceAll('\r', '')
    if (!said.endsWith(PROMPT)) return
    const next = pending.shift()
    if (next) shell.stdin?.write(`${next.command}\n`)
  }
  shell.stdout?.on('data', hear)
  shell.stderr?.on('data', hear)
  const [code] = await once(shell, 'close')
  expect(code, `${command}\n${said.slice(-3000)}`).toBe(0)
  for (const { command: typed, shows } of inside) {
    const answer = said.split(`${PROMPT}${typed}\n`)[1]?.split(PROMPT)[0] ?? ''
    for (const line of shows) expect(answer.split('\n'), typed).toContain(line)
  }
  return said
}
