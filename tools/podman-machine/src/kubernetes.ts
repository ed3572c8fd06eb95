import { Problem } from '@boot2podman/kit'
import type { Chosen } from './chosen.ts'
import type { Option, OptionValues } from './option.ts'
import { inMachine, sshTarget } from './ssh.ts'

/** Where a cluster's API server listens in its machine. */
export const API_PORT = 6443

/** Of `create`, with each driver whose machines boot an ISO of ours. */
export const kubernetesOption: Option = {
  name: 'kubernetes',
  does: 'boot the ISO with Kubernetes; memory 2048 MB and 2 processors, when not told otherwise',
}

const STANDARD = { memory: 2048, cpus: 2 } as const

/** A number of `create`: as given, else what a cluster of one machine needs, where there is to be one, else the default. */
export function orForKubernetes(values: OptionValues, name: string, least: number): number {
  const standard = STANDARD[name.endsWith('-memory') ? 'memory' : 'cpus']
  return values.flag('kubernetes') && !values.has(name) ? standard : values.whole(name, least)
}

/** What kubectl has to know to speak from here to the cluster of a machine that runs. */
export async function kubeconfig(one: Chosen): Promise<string> {
  const { machine, driver } = one
  const target = sshTarget(machine, driver)
  const api = driver.apiServer
    ? driver.apiServer(machine)
    : { host: await driver.ip(machine), port: API_PORT }
  if (api === undefined) {
    throw new Problem({
      where: `"${machine.name}"`,
      what: `no port of this computer leads to its ${API_PORT}: it was made without --kubernetes`,
      fix: `podman-machine set --publish ${API_PORT}:${API_PORT} ${machine.name} && podman-machine restart ${machine.name}`,
    })
  }
  const sudo = target.user === 'root' ? '' : 'sudo -n '
  const { code, stdout, stderr } = await inMachine(machine, target, `${sudo}kubernetes kubeconfig`)
  if (code === 0) return fromHere(stdout, api)
  const missing = /kubernetes: (command )?not found/.test(stderr)
  throw new Problem({
    where: `"${machine.name}"`,
    what: missing ? 'has no Kubernetes' : 'does not tell its kubeconfig',
    fix: missing
      ? 'to make one that has: podman-machine create --kubernetes NAME'
      : stderr.trim() || `exit code ${code}`,
  })
}

/**
 * The cluster's own kubeconfig with the way to it from here. Its certificate is not for an address of this computer, but
 * every API server's is for the name "kubernetes".
 */
export function fromHere(text: string, { host, port }: { host: string; port: number }): string {
  const server = /^( *)server: \S+$/gm
  if (text.match(server)?.length !== 1) {
    throw new Problem({
      where: 'kubeconfig',
      what: 'the machine gave none with one server',
      fix: text.trim().split('\n').slice(0, 5).join('\n') || 'it gave nothing',
    })
  }
  const address = host.includes(':') ? `[${host}]` : host
  return text.replace(server, `$1server: https://${address}:${port}\n$1tls-server-name: kubernetes`)
}
