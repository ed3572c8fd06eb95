import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { machineFiles, storeFiles } from './files.ts'
import type { Machine } from './machine.ts'
import { sshArguments, sshConfig } from './ssh.ts'
import { varlinkBridge } from './varlink-bridge.ts'

const folder = mkdtempSync(join(tmpdir(), "a 'store' of 100% "))
afterAll(() => rmSync(folder, { recursive: true }))
const store = storeFiles(folder)
const machine = { name: 'box', store, files: machineFiles(store, 'box') } as Machine
mkdirSync(machine.files.folder, { recursive: true })
writeFileSync(machine.files.key, '')
const target = { host: '127.0.0.1', port: 2222, user: 'tc', key: machine.files.key }

/** What a real ssh makes of its arguments. */
function asked(args: string[]): Map<string, string> {
  const text = execFileSync('ssh', ['-G', ...args], { encoding: 'utf8' })
  return new Map(text.split('\n').map((line) => line.split(/ (.*)/s, 2) as [string, string]))
}

test('arguments and configuration file mean the same to ssh, wherever the store is', () => {
  const config = join(folder, 'config')
  writeFileSync(config, sshConfig([[machine, target]]))
  const byArguments = asked(sshArguments(machine, target))
  const byFile = asked(['-F', config, 'box'])
  for (const name of [
    ...['hostname', 'port', 'user', 'identitiesonly', 'userknownhostsfile', 'hostkeyalias'],
    ...['stricthostkeychecking', 'passwordauthentication', 'loglevel', 'connecttimeout'],
  ]) {
    expect(byFile.get(name), name).toBe(byArguments.get(name))
  }
  expect(byArguments.get('userknownhostsfile')).toContain(machine.files.knownHosts)
  // Written as ssh reads it: it expands what begins with %.
  const key = machine.files.key.replace('%', '%%')
  expect([byArguments.get('identityfile'), byFile.get('identityfile')]).toEqual([key, key])
  expect(byArguments.get('stricthostkeychecking')).toBe('accept-new')
  expect(byArguments.get('hostkeyalias')).toBe('box')
})

test('the bridge is one line for the shell of a varlink client', () => {
  const bridge = varlinkBridge(machine, target, { user: 'root', socket: '/run/podman/podman.sock' }, 'linux')
  const words = execFileSync('sh', ['-c', `printf '%s\\n' ${bridge}`], { encoding: 'utf8' }).split('\n')
  expect(words.slice(0, 2)).toEqual(['ssh', '-T'])
  expect(words.join(' ')).toContain(machine.files.key.replace('%', '%%'))
  expect(words.join(' ')).toMatch(
    /-p 2222 root@127\.0\.0\.1 -- varlink bridge --connect unix:\/run\/podman\/io\.podman $/,
  )
})

test('for cmd, paths with blanks are in quotation marks', () => {
  const on = { ...target, key: 'C:\\Users\\A B\\id' }
  const bridge = varlinkBridge(machine, on, { user: 'root', socket: '/run/podman/podman.sock' }, 'win32')
  expect(bridge).toContain(' -i "C:\\Users\\A B\\id" -p 2222 ')
})
