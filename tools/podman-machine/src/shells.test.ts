import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { assignments, detectShell } from './shells.ts'

const hard = `a "b" 'c' $HOME \`id\` \\ back! %PATH% é`
const line = 'podman-machine env box'

test.each(['bash', 'fish', 'powershell', 'cmd', 'tcsh', 'emacs'])('%s', (shell) => {
  const set = assignments(
    shell,
    [
      ['PODMAN_PORT', '2222'],
      ['KEY', 'C:\\a "b" $c'],
    ],
    line,
  )
  expect(`${set}\n\n${assignments(shell, [['PODMAN_PORT', undefined]], line)}`).toMatchSnapshot()
})

test.each(['ksh', 'zsh', 'dash'])('%s is taken for one of the kind of sh', (shell) => {
  expect(assignments(shell, [['A', 'b']], line)).toBe(assignments('bash', [['A', 'b']], line))
})

// As somebody would type it: the program that prints is cat.
test.each([
  ['sh', (text: string) => [`eval "$(cat)"; printf %s "$VALUE"`, text]],
  ['bash', (text: string) => [`eval "$(cat)"; printf %s "$VALUE"`, text]],
  ['zsh', (text: string) => [`eval "$(cat)"; printf %s "$VALUE"`, text]],
  ['fish', (text: string) => ['cat | source; printf %s "$VALUE"', text]],
  ['fish', (text: string) => ['eval (cat); printf %s "$VALUE"', text]],
  ['tcsh', (text: string) => ['eval `cat`; printf %s "$VALUE:q"', text]],
] as const)('a real %s has the value to the letter', (shell, make) => {
  const [command = '', input = ''] = make(
    assignments(
      shell,
      [
        ['VALUE', hard],
        ['OTHER', 'x'],
      ],
      'true',
    ),
  )
  const args = shell === 'tcsh' ? ['-f', '-c', command] : ['-c', command]
  const { stdout, stderr, error } = spawnSync(shell, args, { input, encoding: 'utf8' })
  expect([error?.message, stderr, stdout]).toEqual([undefined, '', hard])
})

test('the shell that somebody uses', () => {
  expect(detectShell({ SHELL: '/usr/bin/fish' }, 'linux')).toBe('fish')
  expect(detectShell({ SHELL: 'C:\\git\\bin\\bash.exe' }, 'win32')).toBe('bash')
  expect(detectShell({ PSModulePath: 'C:\\Users\\me\\Documents\\PowerShell\\Modules;C:\\x' }, 'win32')).toBe(
    'powershell',
  )
  expect(detectShell({}, 'win32')).toBe('cmd')
  expect(() => detectShell({}, 'linux')).toThrow('Error: Unknown shell')
})
