import type { DriverSettings } from '../drivers/driver.ts'
import type { Images } from '../iso/machine-iso.ts'
import type { Wanted } from '../iso/source.ts'
import { kubernetesOption, orForKubernetes } from '../kubernetes.ts'
import type { Option, OptionValues } from '../option.ts'
import { checkCpus, checkDiskSize, checkMemory } from '../qemu/settings.ts'
import { UsageProblem } from '../usage-problem.ts'

export interface VirtualBoxSettings extends DriverSettings, Images, Wanted {
  /** In MB, as the disk's size. */
  Memory: number
  DiskSize: number
  CPU: number
  HostDNSResolver: boolean
  DNSProxy: boolean
  NatNicType: string
  /** Address of this computer in the network that it shares with its machines, with the length of the mask. */
  HostOnlyCIDR: string
  HostOnlyNicType: string
  HostOnlyPromiscMode: string
  HostOnlyNoDHCP: boolean
  UIType: string
}

const UI_TYPES = ['gui', 'sdl', 'headless', 'separate']
const NIC_TYPES = ['Am79C970A', 'Am79C973', '82540EM', '82543GC', '82545EM', 'virtio']
const PROMISCUOUS = ['deny', 'allow-vms', 'allow-all']

export const virtualBoxOptions: readonly Option[] = [
  option('memory', 'memory', {
    aliases: ['memory'],
    value: 'MB',
    default: '1024',
    env: 'VIRTUALBOX_MEMORY_SIZE',
  }),
  option('cpu-count', 'processors', {
    aliases: ['cpus'],
    value: 'N',
    default: '1',
    env: 'VIRTUALBOX_CPU_COUNT',
  }),
  option('disk-size', 'size of the data disk, which takes room as it fills', {
    aliases: ['disk-size'],
    value: 'MB',
    default: '20000',
    env: 'VIRTUALBOX_DISK_SIZE',
  }),
  kubernetesOption,
  option('boot2podman-url', 'path or URL of the ISO', { value: 'URL', env: 'VIRTUALBOX_BOOT2PODMAN_URL' }),
  option('host-dns-resolver', "names are asked of this computer's resolver", {
    env: 'VIRTUALBOX_HOST_DNS_RESOLVER',
  }),
  option('no-dns-proxy', 'names are not asked by way of VirtualBox', { env: 'VIRTUALBOX_NO_DNS_PROXY' }),
  option('nat-nictype', `card of the first network: ${NIC_TYPES.join(', ')}`, {
    value: 'TYPE',
    default: '82540EM',
    env: 'VIRTUALBOX_NAT_NICTYPE',
  }),
  option('hostonly-cidr', "this computer's address in the network that it shares with its machines", {
    value: 'ADDRESS/BITS',
    default: '192.168.99.1/24',
    env: 'VIRTUALBOX_HOSTONLY_CIDR',
  }),
  option('hostonly-nictype', 'card of that network', {
    value: 'TYPE',
    default: '82540EM',
    env: 'VIRTUALBOX_HOSTONLY_NIC_TYPE',
  }),
  option('hostonly-nicpromisc', `what that card sees of others: ${PROMISCUOUS.join(', ')}`, {
    value: 'MODE',
    default: 'deny',
    env: 'VIRTUALBOX_HOSTONLY_NIC_PROMISC',
  }),
  option('hostonly-no-dhcp', "VirtualBox's DHCP server is left as it is", {
    env: 'VIRTUALBOX_HOSTONLY_NO_DHCP',
  }),
  option('ui-type', `how it is shown: ${UI_TYPES.join(', ')}`, {
    value: 'TYPE',
    default: 'headless',
    env: 'VIRTUALBOX_UI_TYPE',
  }),
  option('no-vtx-check', 'not used: VirtualBox itself looks for VT-x', { env: 'VIRTUALBOX_NO_VTX_CHECK' }),
  option('no-share', 'not used: the machine has no shared folders', { env: 'VIRTUALBOX_NO_SHARE' }),
  option('share-folder', 'not used: podman-machine mount does it, the other way round', {
    value: 'FOLDER',
    env: 'VIRTUALBOX_SHARE_FOLDER',
  }),
]

export function virtualBoxSettings(
  values: OptionValues,
): Omit<VirtualBoxSettings, 'MachineName' | 'StorePath'> {
  const cidr = values.text('virtualbox-hostonly-cidr')
  if (!isHostCidr(cidr)) {
    throw new UsageProblem({
      where: '--virtualbox-hostonly-cidr',
      what: `"${cidr}" is no address of a computer with the length of its mask`,
      fix: 'such as 192.168.99.1/24; its last number is not 0',
    })
  }
  return {
    IPAddress: '127.0.0.1',
    SSHUser: 'tc',
    SSHPort: 0,
    SSHKeyPath: '',
    Memory: checkMemory(orForKubernetes(values, 'virtualbox-memory', 1), '--virtualbox-memory'),
    DiskSize: checkDiskSize(values.whole('virtualbox-disk-size', 1), '--virtualbox-disk-size'),
    CPU: checkCpus(orForKubernetes(values, 'virtualbox-cpu-count', 1), '--virtualbox-cpu-count'),
    Kubernetes: values.flag('kubernetes'),
    Boot2PodmanURL: values.text('virtualbox-boot2podman-url'),
    HostDNSResolver: values.flag('virtualbox-host-dns-resolver'),
    DNSProxy: !values.flag('virtualbox-no-dns-proxy'),
    NatNicType: oneOf(values, 'virtualbox-nat-nictype', NIC_TYPES),
    HostOnlyCIDR: cidr,
    HostOnlyNicType: oneOf(values, 'virtualbox-hostonly-nictype', NIC_TYPES),
    HostOnlyPromiscMode: oneOf(values, 'virtualbox-hostonly-nicpromisc', PROMISCUOUS),
    HostOnlyNoDHCP: values.flag('virtualbox-hostonly-no-dhcp'),
    UIType: oneOf(values, 'virtualbox-ui-type', UI_TYPES),
  }
}

function option(name: string, does: string, more: Partial<Option>): Option {
  return { name: `virtualbox-${name}`, does, ...more }
}

function oneOf(values: OptionValues, name: string, known: readonly string[]): string {
  const text = values.text(name)
  if (known.includes(text)) return text
  throw new UsageProblem({
    where: `--${name}`,
    what: `"${text}" is not known`,
    fix: `one of ${known.join(', ')}`,
  })
}

function isHostCidr(text: string): boolean {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text) ?? []
  const numbers = [a, b, c, d].map(Number)
  return numbers.every((number) => number <= 255) && Number(d) > 0 && Number(bits) >= 8 && Number(bits) <= 30
}
