import type { HostOptions } from './machine.ts'
import { UsageProblem } from './usage-problem.ts'

const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy']

/** What `create` was told about the engine, as settings of the machine: its boot2podman.conf. Empty, if it was told nothing. */
export function engineSettings({ EngineOptions }: HostOptions): string {
  const { InsecureRegistry, RegistryMirror, Env } = EngineOptions
  const mirrors = RegistryMirror.map((url) => ({ place: placeOf(url), plain: url.startsWith('http://') }))
  const insecure = [
    ...InsecureRegistry.map(placeOf),
    ...mirrors.filter(({ plain }) => plain).map(({ place }) => place.replace(/\/.*$/, '')),
  ]
  const lines = [
    ...insecure.map((place) => ['insecure_registry', place]),
    ...mirrors.map(({ place }) => ['registry_mirror', `docker.io ${place}`]),
    ...Env.flatMap((text) => {
      const [name = '', value = ''] = text.split(/=(.*)/s, 2)
      const key = PROXIES.find((proxy) => proxy === name.toLowerCase())
      return key === undefined ? [] : [[key, word(value, '--engine-env')]]
    }),
  ]
  return lines.map(([key, value]) => `${key} = ${value}\n`).join('')
}

/** A registry, or a part of its names, without what a URL has before and behind it. */
function placeOf(url: string): string {
  return word(url.replace(/^https?:\/\//, '').replace(/\/+$/, ''), 'a registry')
}

function word(text: string, where: string): string {
  if (/^[!-~]+$/.test(text)) return text
  throw new UsageProblem({ where, what: `"${text}" is not one word of plain letters` })
}
