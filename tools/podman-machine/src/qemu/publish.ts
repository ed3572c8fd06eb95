import { UsageProblem } from '../usage-problem.ts'

/** A port of the host's loopback that leads to one of the machine's. */
export interface Published {
  host: number
  guest: number
  protocol: 'tcp' | 'udp'
}

const FORM = /^(?:127\.0\.0\.1:|localhost:)?(\d{1,5}):(\d{1,5})(?:\/(tcp|udp))?$/

/** `8080:80`, `53:53/udp`. All mistakes at once. */
export function parsePublish(texts: readonly string[]): Published[] {
  const parsed = texts.map((text) => ({ text, published: parseOne(text) }))
  const [first, ...rest] = parsed
    .filter(({ published }) => published === undefined)
    .map(({ text }) => ({
      where: '--publish',
      what: `"${text}" names no two ports`,
      fix: 'expected HOST:GUEST[/udp], such as 8080:80; it is bound to 127.0.0.1 only',
    }))
  if (first) throw new UsageProblem(first, ...rest)
  const ports = parsed.flatMap(({ published }) => published ?? [])
  const twice = ports.find(
    ({ host, protocol }, index) =>
      ports.findIndex((other) => other.host === host && other.protocol === protocol) !== index,
  )
  if (twice) {
    throw new UsageProblem({ where: '--publish', what: `port ${twice.host} of this host is given twice` })
  }
  return ports
}

export function formatPublish({ host, guest, protocol }: Published): string {
  return `${host}:${guest}${protocol === 'udp' ? '/udp' : ''}`
}

function parseOne(text: string): Published | undefined {
  const [, host, guest, protocol = 'tcp'] = FORM.exec(text) ?? []
  const ports = [Number(host), Number(guest)]
  if (ports.some((port) => !(port >= 1 && port <= 65535))) return undefined
  return { host: Number(host), guest: Number(guest), protocol: protocol as Published['protocol'] }
}
