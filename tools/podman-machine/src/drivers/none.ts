import { Problem } from '@boot2podman/kit'
import { isReachable } from '../reachable.ts'
import { UsageProblem } from '../usage-problem.ts'
import type { Driver, DriverSettings } from './driver.ts'

export interface NoneSettings extends DriverSettings {
  URL: string
}

const PORTS: Record<string, number> = { 'ssh:': 22, 'http:': 80, 'https:': 443 }

/** An engine of which only the URL is known: nothing is made, started or logged in to. */
export const none: Driver<NoneSettings> = {
  name: 'none',
  options: [{ name: 'url', value: 'URL', does: 'where the engine is (required)' }],
  settings(values) {
    const URL = values.text('url')
    const fix =
      'such as --url tcp://192.168.1.5:2375, unix:///run/podman/podman.sock, ssh://root@host/run/podman/podman.sock'
    if (URL === '') throw new UsageProblem({ where: '--url', what: 'the driver none needs it', fix })
    const url = parse(URL)
    if (!url) throw new UsageProblem({ where: '--url', what: `"${URL}" is no URL`, fix })
    return { URL, IPAddress: url.hostname, SSHUser: '', SSHPort: 0, SSHKeyPath: '' }
  },
  async create() {},
  async start() {
    throw unsupported('start')
  },
  async stop() {
    throw unsupported('stop')
  },
  async kill() {
    throw unsupported('kill')
  },
  async remove() {},
  async state({ config }) {
    const { protocol, hostname, port, pathname } = parse(config.Driver.URL) ?? new URL('tcp:')
    if (protocol === 'unix:') return (await isReachable({ path: pathname }, 5)) ? 'Running' : 'Stopped'
    const known = Number(port) || PORTS[protocol]
    // A URL without a port cannot be asked: it is taken at its word.
    if (known === undefined) return 'Running'
    return (await isReachable({ host: hostname.replace(/^\[|\]$/g, ''), port: known }, 5))
      ? 'Running'
      : 'Stopped'
  },
  ssh() {
    return undefined
  },
  async ip({ config }) {
    return config.Driver.IPAddress
  },
  async url({ config }) {
    return config.Driver.URL
  },
}

function parse(text: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/./i.test(text)) return undefined
  return URL.canParse(text) ? new URL(text) : undefined
}

function unsupported(verb: string): Problem {
  return new Problem({ where: 'Error', what: `none driver does not support ${verb}` })
}
