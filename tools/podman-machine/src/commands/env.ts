import { chmod } from 'node:fs/promises'
import { Problem, writeAtomic } from '@boot2podman/kit'
import { type Chosen, chosen } from '../chosen.ts'
import type { Call, Command } from '../command.ts'
import type { Engine, SshTarget } from '../drivers/driver.ts'
import { engineOf, engineUrl } from '../engine.ts'
import { canForward, ensureForward } from '../forward.ts'
import { kubeconfig } from '../kubernetes.ts'
import { locked } from '../lock.ts'
import { cannotWrite, type Machine } from '../machine.ts'
import type { OptionValues } from '../option.ts'
import { assignments, detectShell } from '../shells.ts'
import { sshTarget } from '../ssh.ts'
import { mustRun } from '../states.ts'
import { UsageProblem } from '../usage-problem.ts'
import { varlinkBridge } from '../varlink-bridge.ts'

const ALL = [
  'CONTAINER_HOST',
  'CONTAINER_SSHKEY',
  'DOCKER_HOST',
  'PODMAN_USER',
  'PODMAN_HOST',
  'PODMAN_PORT',
  'PODMAN_IDENTITY_FILE',
  'PODMAN_IGNORE_HOSTS',
  'PODMAN_VARLINK_BRIDGE',
  'PODMAN_MACHINE_NAME',
]

type Variables = [name: string, value: string | undefined][]

export const env: Command = {
  usage: 'env [options] [NAME]',
  does: 'Print what a shell has to evaluate so that podman --remote and docker speak to a machine',
  more: `For the tool varlink: varlink --bridge "$PODMAN_VARLINK_BRIDGE" call io.podman.GetVersion`,
  options: [
    { name: 'docker', does: "only what Docker's clients need" },
    { name: 'varlink', does: 'only what varlink needs' },
    { name: 'kubectl', does: "only what kubectl needs: its kubeconfig is written into the machine's folder" },
    {
      name: 'shell',
      value: 'SHELL',
      does: 'bash, zsh, fish, powershell, cmd, tcsh, emacs (default as in $SHELL)',
    },
    { name: 'unset', short: 'u', does: 'unset the variables' },
    { name: 'no-proxy', does: "add the machine's address to NO_PROXY" },
    { name: 'json', does: 'as JSON, for programs' },
  ],
  examples: [
    'eval "$(podman-machine env box)"',
    'podman-machine env box | source                            # fish',
    'podman-machine env box | Out-String | Invoke-Expression    # PowerShell',
  ],
  words: [0, 1],
  async run(call) {
    const { values, words, line } = call
    const shell = values.text('shell') || (values.flag('json') ? '' : detectShell())
    const variables = values.flag('unset') ? unset(words, values) : await set(call)
    console.log(
      values.flag('json')
        ? JSON.stringify(Object.fromEntries(variables.map(([name, value]) => [name, value ?? null])), null, 2)
        : assignments(shell, variables, line),
    )
  },
}

function unset(words: readonly string[], values: OptionValues): Variables {
  if (words.length > 0) {
    throw new UsageProblem({ where: 'Error', what: 'Expected no machine name when the -u flag is present' })
  }
  // Somebody's own, unless it was asked for.
  if (values.flag('kubectl')) return [['KUBECONFIG', undefined]]
  const names = process.platform === 'win32' ? [...ALL, 'COMPOSE_CONVERT_WINDOWS_PATHS'] : ALL
  return names.map((name) => [name, undefined])
}

async function set(call: Call): Promise<Variables> {
  const { values, words } = call
  const one = await chosen(call, words[0])
  await mustRun(one, 'Cannot tell its environment')
  const { machine, driver } = one
  const target = driver.ssh(machine)
  if (values.flag('kubectl')) return [await forKubectl(one), ['PODMAN_MACHINE_NAME', machine.name]]
  return [
    ...(target ? await bySsh(one, target, values) : await byUrl(one, values)),
    ['PODMAN_MACHINE_NAME', machine.name],
    ...(values.flag('no-proxy') ? [noProxy(await driver.ip(machine))] : []),
  ]
}

async function forKubectl(one: Chosen): Promise<Variables[number]> {
  const { machine } = one
  const file = machine.files.kubeconfig
  const text = await kubeconfig(one)
  try {
    await writeAtomic(file, text)
    await chmod(file, 0o600)
  } catch (error) {
    throw cannotWrite(machine.store, error as NodeJS.ErrnoException)
  }
  return ['KUBECONFIG', file]
}

async function bySsh(one: Chosen, target: SshTarget, values: OptionValues): Promise<Variables> {
  const { machine, driver } = one
  const engine = engineOf(machine, driver)
  const bridge: Variables = [['PODMAN_VARLINK_BRIDGE', varlinkBridge(machine, target, engine)]]
  if (values.flag('varlink')) return bridge
  const wanted = dockerHost(machine, target, engine)
  if (values.flag('docker')) return [['DOCKER_HOST', await wanted]]
  const docker = await orSaid(wanted)
  const { host, port, key } = target
  return [
    ['CONTAINER_HOST', engineUrl(host, port, engine)],
    ...(key === undefined ? [] : ([['CONTAINER_SSHKEY', key]] as Variables)),
    ...(docker === undefined ? [] : ([['DOCKER_HOST', docker]] as Variables)),
    // For podman-remote 1.
    ['PODMAN_USER', engine.user],
    ['PODMAN_HOST', host === '127.0.0.1' ? 'localhost' : host],
    ['PODMAN_PORT', String(port)],
    ...(key === undefined ? [] : ([['PODMAN_IDENTITY_FILE', key]] as Variables)),
    ['PODMAN_IGNORE_HOSTS', 'true'],
    ...bridge,
    ...(process.platform === 'win32' ? ([['COMPOSE_CONVERT_WINDOWS_PATHS', 'true']] as Variables) : []),
  ]
}

async function byUrl({ machine, driver }: Chosen, values: OptionValues): Promise<Variables> {
  if (values.flag('varlink')) sshTarget(machine, driver)
  const url = await driver.url(machine)
  return [...(values.flag('docker') ? [] : ([['CONTAINER_HOST', url]] as Variables)), ['DOCKER_HOST', url]]
}

/** Docker's clients run `ssh` by its name, with the user's own settings: a socket here needs none. */
async function dockerHost(machine: Machine, target: SshTarget, engine: Engine): Promise<string> {
  if (canForward) {
    const say = (line: string) => console.error(line)
    return await locked(machine, say, async () => `unix://${await ensureForward(machine, target, engine)}`)
  }
  console.error(`For docker, this line has to be in ~/.ssh/config: Include ${machine.files.sshConfig}`)
  return `ssh://${engine.user}@podman-machine-${machine.name}`
}

/** What docker lacks is no reason to leave podman without the rest. */
async function orSaid(wanted: Promise<string>): Promise<string | undefined> {
  return await wanted.catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    console.error(error.message)
    return undefined
  })
}

function noProxy(ip: string): Variables[number] {
  const name =
    process.env.no_proxy !== undefined && process.env.NO_PROXY === undefined ? 'no_proxy' : 'NO_PROXY'
  const before = (process.env[name] ?? '').split(',').filter((one) => one !== '')
  return [name, [...new Set([...before, ip])].join(',')]
}
