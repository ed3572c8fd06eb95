import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { COMPLETED, completionScript } from './completion.ts'
import { verbs } from './verbs.ts'

const commands = await Promise.all([...verbs.values()].map((load) => load([])))
const folder = mkdtempSync(join(tmpdir(), 'completion-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const shell of COMPLETED) writeFileSync(join(folder, shell), completionScript(shell, commands))
// What a completion asks for the names of machines.
writeFileSync(join(folder, 'podman-machine'), '#!/bin/sh\nprintf "box\\nbatch\\n"\n', { mode: 0o755 })
const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }

const lines = [
  ['podman-machine sta', ['start', 'status']],
  ['podman-machine start b', ['batch', 'box']],
  ['podman-machine ls --f', ['--filter', '--format']],
  ['podman-machine completion f', ['fish']],
] as const

test.each(lines)('bash completes %s', (line, expected) => {
  const script = `source ${folder}/bash
    COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _podman_machine; printf '%s\\n' "\${COMPREPLY[@]}"`
  expect(words(execFileSync('bash', ['-c', script], { env, encoding: 'utf8' }))).toEqual(expected)
})

test.each(lines)('fish completes %s', (line, expected) => {
  const script = `source ${folder}/fish; complete -C '${line}'`
  const text = execFileSync('fish', ['--no-config', '-c', script], { env, encoding: 'utf8' })
  expect(words(text.replace(/\t.*/g, ''))).toEqual(expected)
})

test('zsh takes the script', () => {
  const script = `autoload -Uz compinit; compinit -D -u; source ${folder}/zsh; print $_comps[podman-machine]`
  const text = execFileSync('zsh', ['-f', '-c', script], { env: { ...env, HOME: folder }, encoding: 'utf8' })
  expect(text).toBe('_podman_machine\n')
})

test('PowerShell', () => {
  expect(completionScript('powershell', commands)).toMatchSnapshot()
})

function words(text: string): string[] {
  return text.trim().split('\n').sort()
}
