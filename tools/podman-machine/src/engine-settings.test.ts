import { expect, test } from 'vitest'
import { engineSettings } from './engine-settings.ts'
import type { HostOptions } from './machine.ts'

function options(more: Partial<HostOptions['EngineOptions']>): HostOptions {
  const none = {
    ArbitraryFlags: [],
    Env: [],
    InsecureRegistry: [],
    InstallURL: '',
    Labels: [],
    RegistryMirror: [],
  }
  return { EngineOptions: { ...none, StorageDriver: '', ...more }, AuthOptions: { ServerCertSANs: [] } }
}

test('as docs/settings.md has it', () => {
  expect(engineSettings(options({}))).toBe('')
  const told = options({
    InsecureRegistry: ['10.0.0.1:5000'],
    RegistryMirror: ['https://mirror.example.com/', 'http://10.0.0.2:5000/docker'],
    Env: ['HTTP_PROXY=http://proxy:3128', 'no_proxy=a,b', 'OTHER=x'],
  })
  expect(engineSettings(told)).toBe(
    `insecure_registry = 10.0.0.1:5000
insecure_registry = 10.0.0.2:5000
registry_mirror = docker.io mirror.example.com
registry_mirror = docker.io 10.0.0.2:5000/docker
http_proxy = http://proxy:3128
no_proxy = a,b
`,
  )
})

test.each(['a b', 'a\nswap = 1G', ''])('%j is no registry', (text) => {
  expect(() => engineSettings(options({ InsecureRegistry: [text] }))).toThrow(
    'is not one word of plain letters',
  )
})
