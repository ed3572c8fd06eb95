import type { Option } from './option.ts'

/** Flags that stand before the verb or behind it. */
export const globalOptions: readonly Option[] = [
  { name: 'debug', short: 'D', env: 'MACHINE_DEBUG', does: 'show each program that is called' },
  {
    name: 'storage-path',
    short: 's',
    value: 'FOLDER',
    env: 'MACHINE_STORAGE_PATH',
    does: 'where the machines are, else ~/.local/machine',
  },
]

/** What docker-machine had, and what is nothing here. They are taken, so that old lines go on working. */
export const formerOptions: readonly Option[] = [
  ...['ca-cert', 'ca-key', 'client-cert', 'client-key'].map((name) => ({
    name: `tls-${name}`,
    value: 'FILE',
    env: `MACHINE_TLS_${name.toUpperCase().replace('-', '_')}`,
    does: 'not used: SSH does what TLS did',
  })),
  {
    name: 'github-api-token',
    value: 'TOKEN',
    env: 'MACHINE_GITHUB_API_TOKEN',
    does: 'not used: nothing is asked of GitHub',
  },
  { name: 'native-ssh', env: 'MACHINE_NATIVE_SSH', does: "not used: it is always OpenSSH's ssh" },
]
