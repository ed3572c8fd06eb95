import { randomUUID } from 'node:crypto'
import { cpus, totalmem } from 'node:os'
import type { DriverSettings } from '../drivers/driver.ts'
import type { Iso } from '../iso/cache.ts'
import { isoSource, type Wanted } from '../iso/source.ts'
import { kubernetesOption, orForKubernetes } from '../kubernetes.ts'
import type { Option, OptionValues } from '../option.ts'
import { UsageProblem } from '../usage-problem.ts'
import { parsePortRange } from './port.ts'
import { formatPublish, parsePublish } from './publish.ts'
import { LARGEST } from './qcow2.ts'
import { parseVolume } from './volume.ts'

const MB = 2 ** 20
/** What a machine needs to come up, and the least that it makes a data disk of, in MB. */
const LEAST_MEMORY = 96
const LEAST_DISK = 64
const NETWORKS = ['user', 'tap', 'bridge'] as const

export interface QemuSettings extends DriverSettings, Wanted {
  /** In MB, as the disk's size. */
  Memory: number
  DiskSize: number
  CPU: number
  Program: string
  Display: boolean
  DisplayType: string
  Nographic: boolean
  VirtioDrives: boolean
  Network: (typeof NETWORKS)[number]
  NetworkInterface: string
  NetworkAddress: string
  NetworkBridge: string
  NetVlan: boolean
  HVF: boolean
  CacheMode: string
  IOMode: string
  LocalPorts: string
  Publish: string[]
  Volumes: string[]
  /** By which its QEMU is known. */
  UUID: string
  /** Once it has one. */
  ISO?: Iso
  /** What it ran before the last upgrade. */
  PreviousISO?: Iso
  /** Of a machine with Kubernetes, once it was started: the port of this computer that leads to its API server. */
  KubernetesPort?: number
  /** Where QEMU's monitor can only have a port. */
  MonitorPort?: number
}

const flag = (name: string, does: string, more: Partial<Option> = {}): Option => ({ name, does, ...more })

export const qemuOptions: readonly Option[] = [
  flag('qemu-memory', 'memory', { aliases: ['memory'], value: 'MB', default: '1024' }),
  flag('qemu-cpu-count', 'processors', { aliases: ['cpus'], value: 'N', default: '1' }),
  flag('qemu-disk-size', 'size of the data disk, which takes room as it fills', {
    aliases: ['disk-size'],
    value: 'MB',
    default: '20000',
  }),
  flag('publish', 'a port of 127.0.0.1 that leads to one of the machine: HOST:GUEST[/udp]', {
    value: 'PORTS',
    list: true,
  }),
  flag('volume', 'a folder that the machine has too: FOLDER[:FOLDER IN THE MACHINE][:ro]', {
    value: 'FOLDERS',
    list: true,
  }),
  kubernetesOption,
  flag('qemu-boot2podman-url', 'path or URL of the ISO, when not the one built here or the latest release', {
    value: 'URL',
    env: 'QEMU_BOOT2PODMAN_URL',
    default: '',
  }),
  flag('qemu-program', 'QEMU', { value: 'PROGRAM', default: 'qemu-system-x86_64' }),
  flag('qemu-ssh-user', 'user to log in as', { value: 'USER', env: 'QEMU_SSH_USER', default: 'tc' }),
  flag('qemu-localports', 'ports of this computer to take one of for SSH', {
    value: 'MIN-MAX',
    env: 'QEMU_LOCALPORTS',
    default: '',
  }),
  flag('qemu-network', "user (QEMU's own), tap or bridge", { value: 'KIND', default: 'user' }),
  flag('qemu-network-interface', 'of tap: the interface', { value: 'NAME', default: 'tap0' }),
  flag('qemu-network-bridge', 'of bridge: the bridge', { value: 'NAME', default: 'br0' }),
  flag('qemu-network-address', 'of tap and bridge: the address that the machine will have', {
    value: 'IP',
    default: '',
  }),
  flag('qemu-display', 'show the machine in a window'),
  flag('qemu-display-type', "QEMU's kind of window", {
    value: 'TYPE',
    env: 'QEMU_DISPLAY_TYPE',
    default: '',
  }),
  flag('qemu-cache-mode', "QEMU's cache= of the disk", { value: 'MODE', default: 'default' }),
  flag('qemu-io-mode', "QEMU's aio= of the disk", { value: 'MODE', default: 'threads' }),
  flag('qemu-nographic', 'taken and ignored: there is no window unless --qemu-display'),
  flag('qemu-net-vlan', 'taken and ignored: QEMU has other ways now'),
  flag('qemu-hvf', 'taken and ignored: hvf is tried by itself'),
  flag('qemu-virtio-drives', 'taken and ignored: the disk is always virtio', { env: 'QEMU_VIRTIO_DRIVES' }),
]

/** What `create` was told, all mistakes of a kind at once. */
export function qemuSettings(values: OptionValues): Omit<QemuSettings, 'MachineName' | 'StorePath'> {
  const network = NETWORKS.find((name) => name === values.text('qemu-network'))
  if (network === undefined) throw wrong('qemu-network', values, NETWORKS.join(', '))
  const address = values.text('qemu-network-address')
  if (network !== 'user' && address === '') {
    throw new UsageProblem({
      where: '--qemu-network-address',
      what: `is needed with --qemu-network ${network}: nothing tells which address the machine gets`,
      fix: 'give it a fixed one in your DHCP server, and name it here',
    })
  }
  const publish = parsePublish(values.list('publish'))
  const volumes = values.list('volume').map((text) => parseVolume(text))
  if (network !== 'user' && publish.length > 0) {
    throw new UsageProblem({
      where: '--publish',
      what: `has no meaning with --qemu-network ${network}: the machine's ports are reached at its own address`,
    })
  }
  if (volumes.length > 0 && process.platform === 'win32') {
    throw new UsageProblem({
      where: '--volume',
      what: 'QEMU for Windows cannot share folders',
      fix: 'podman-machine scp, or mount',
    })
  }
  parsePortRange(values.text('qemu-localports'))
  const url = values.text('qemu-boot2podman-url')
  return {
    IPAddress: network === 'user' ? '127.0.0.1' : address,
    SSHUser: values.text('qemu-ssh-user'),
    SSHPort: network === 'user' ? 0 : 22,
    SSHKeyPath: '',
    Memory: checkMemory(orForKubernetes(values, 'qemu-memory', LEAST_MEMORY), '--qemu-memory'),
    DiskSize: checkDiskSize(values.whole('qemu-disk-size', LEAST_DISK), '--qemu-disk-size'),
    CPU: checkCpus(orForKubernetes(values, 'qemu-cpu-count', 1), '--qemu-cpu-count'),
    Program: values.text('qemu-program'),
    Display: values.flag('qemu-display'),
    DisplayType: values.text('qemu-display-type'),
    Nographic: values.flag('qemu-nographic'),
    VirtioDrives: values.flag('qemu-virtio-drives'),
    Network: network,
    NetworkInterface: values.text('qemu-network-interface'),
    NetworkAddress: address,
    NetworkBridge: values.text('qemu-network-bridge'),
    NetVlan: values.flag('qemu-net-vlan'),
    HVF: values.flag('qemu-hvf'),
    CacheMode: values.text('qemu-cache-mode'),
    IOMode: values.text('qemu-io-mode'),
    LocalPorts: values.text('qemu-localports'),
    Kubernetes: values.flag('kubernetes'),
    Boot2PodmanURL: url === '' ? '' : isoSource(url),
    Publish: publish.map(formatPublish),
    Volumes: volumes.map(({ host, guest, readOnly }) => `${host}:${guest}${readOnly ? ':ro' : ''}`),
    UUID: randomUUID(),
  }
}

export function checkMemory(megabytes: number, where: string): number {
  const all = Math.floor(totalmem() / MB)
  if (megabytes >= LEAST_MEMORY && megabytes <= all) return megabytes
  throw new UsageProblem({ where, what: `${megabytes} MB of memory`, fix: `from ${LEAST_MEMORY} to ${all}` })
}

export function checkCpus(count: number, where: string): number {
  // More than the host has are a waste, and no mistake.
  const most = Math.max(255, cpus().length)
  if (count >= 1 && count <= most) return count
  throw new UsageProblem({ where, what: `${count} processors`, fix: `from 1 to ${most}` })
}

export function checkDiskSize(megabytes: number, where: string): number {
  const most = LARGEST / MB
  if (megabytes >= LEAST_DISK && megabytes <= most) return megabytes
  throw new UsageProblem({ where, what: `a disk of ${megabytes} MB`, fix: `from ${LEAST_DISK} to ${most}` })
}

function wrong(name: string, values: OptionValues, expected: string): UsageProblem {
  return new UsageProblem({
    where: `--${name}`,
    what: `"${values.text(name)}" is not known`,
    fix: `one of ${expected}`,
  })
}
