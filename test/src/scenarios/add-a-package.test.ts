import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type PageCommand, pageCommands } from '../page.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PAGE = join(ROOT, 'docs/add-a-package.md')
const MADE = ['packages/hello', 'packages/figlet']
const PROMPT = 'tc@box:~$ '

test("docs/add-a-package.md: the page's own commands, as written, in less than ten minutes", async () => {
  // Somebody may have followed the page by hand: what is his is not ours to remove.
  expect(MADE.filter((folder) => existsSync(join(ROOT, folder)))).toEqual([])
  const commands = pageCommands(await readFile(PAGE, 'utf8'))
  expect(commands.length).toBeGreaterThan(5)
  const begun = Date.now()
  try {
    for (const one of commands) {
      const said = await type(one)
      for (const line of one.shows) expect(said, one.command).toContain(line)
      if (one.inside.length > 0) {
        const files = commands[0]?.shows.length ?? 0
        console.log(`from new to loaded: ${Math.round((Date.now() - begun) / 1000)} s, ${files} files`)
      }
    }
  } finally {
    for (const folder of MADE) await rm(join(ROOT, folder), { recursive: true, force: true })
  }
}, 900_000)

/** Types a command into a shell, and what belongs into the machine at its prompts. What was written is returned. */
async function type({ command, inside }: PageCommand): Promise<string> {
  const shell = spawn('sh', ['-c', command], {
    cwd: ROOT,
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
