import { output } from '../processes.ts'
import { VBOXMANAGE } from './manage.ts'
import type { VirtualBoxSettings } from './settings.ts'

interface Interface {
  name: string
  address: string
  mask: string
}

/** The network adapter of this computer that machines share with it; it is made if there is none with this address. */
export async function hostOnlyAdapter(settings: VirtualBoxSettings): Promise<string> {
  const { address, mask, lower, upper, server } = addresses(settings.HostOnlyCIDR)
  const all = parseInterfaces(await manage('list', 'hostonlyifs'))
  const there = all.find((one) => one.address === address && one.mask === mask)
  const name = there?.name ?? createdName(await manage('hostonlyif', 'create'))
  if (!there) await manage('hostonlyif', 'ipconfig', name, '--ip', address, '--netmask', mask)
  if (!settings.HostOnlyNoDHCP) {
    const known = (await manage('list', 'dhcpservers')).includes(`HostInterfaceNetworking-${name}\n`)
    const range = ['--lower-ip', lower, '--upper-ip', upper, '--enable']
    await manage(
      'dhcpserver',
      known ? 'modify' : 'add',
      '--interface',
      name,
      '--server-ip',
      server,
      '--netmask',
      mask,
      ...range,
    )
  }
  return name
}

/** What `VBoxManage list hostonlyifs` tells. */
export function parseInterfaces(text: string): Interface[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}:\\s*(.*?)\\s*$`, 'm').exec(block)?.[1] ?? ''
      return { name: field('Name'), address: field('IPAddress'), mask: field('NetworkMask') }
    })
    .filter(({ name }) => name !== '')
}

/** Of a network: this computer's address and mask, the DHCP server's address, and those that it gives. */
export function addresses(cidr: string) {
  const [address = '', bits = '24'] = cidr.split('/')
  const own = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(bits))
  const network = own - (own % size)
  const text = (number: number) =>
    [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
  // The upper half is for machines; the server has the last address of the lower one, or the one before this computer's.
  const half = network + size / 2
  return {
    address,
    mask: text(2 ** 32 - size),
    server: text(half - 1 === own ? half - 2 : half - 1),
    lower: text(half),
    upper: text(network + size - 2),
  }
}

function createdName(text: string): string {
  return /Interface '(.+)' was successfully created/.exec(text)?.[1] ?? 'vboxnet0'
}

function manage(...args: string[]): Promise<string> {
  return output(VBOXMANAGE, args)
}
