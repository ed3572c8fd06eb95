import { Problem } from '@boot2podman/kit'
import type { Progress } from '../drivers/driver.ts'
import { type Machine, save } from '../machine.ts'
import { sshPort } from '../ssh-port.ts'
import { freePort, parsePortRange, whyNotFree } from './port.ts'
import { parsePublish } from './publish.ts'
import type { QemuSettings } from './settings.ts'

/** Ports of this host are anybody's while a machine is stopped. Those that were asked for by number have to be free. */
export async function choosePorts(machine: Machine<QemuSettings>, progress: Progress): Promise<void> {
  const { Driver } = machine.config
  const troubles = []
  for (const { host, protocol } of parsePublish(Driver.Publish)) {
    const why = protocol === 'udp' ? undefined : await whyNotFree(host)
    if (why)
      troubles.push({ where: `port ${host} of this host`, what: why, fix: 'podman-machine set --publish' })
  }
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
  const chosen = () => JSON.stringify([Driver.SSHPort, Driver.MonitorPort, Driver.KubernetesPort])
  const before = chosen()
  if (process.platform === 'win32') Driver.MonitorPort = await freePort()
  if (Driver.Network === 'user' && (Driver.SSHPort === 0 || (await whyNotFree(Driver.SSHPort)))) {
    const former = Driver.SSHPort
    Driver.SSHPort = await sshPort(parsePortRange(Driver.LocalPorts))
    if (former !== 0)
      progress.say(`port ${former} is taken by another program: SSH is at ${Driver.SSHPort} now`)
  }
  if (Driver.Network === 'user' && Driver.Kubernetes) await chooseKubernetesPort(Driver, progress)
  if (chosen() !== before) await save(machine)
}

async function chooseKubernetesPort(Driver: QemuSettings, progress: Progress): Promise<void> {
  const former = Driver.KubernetesPort
  if (former !== undefined && !(await whyNotFree(former))) return
  // SSH's is nobody's yet, either.
  do Driver.KubernetesPort = await freePort()
  while (Driver.KubernetesPort === Driver.SSHPort)
  if (former === undefined) return
  progress.say(
    `port ${former} is taken by another program: the cluster is at ${Driver.KubernetesPort} now; env --kubectl tells kubectl`,
  )
}
