import { Problem, run } from '@boot2podman/kit'

/** A place that holds Debian's archive: the URI below which `dists/` and `pool/` lie. */
export interface Mirror {
  uri: string
  /** What of a stable release is there: the release itself, its updates, its security updates. */
  parts: ('' | '-updates' | '-security')[]
}

/**
 * Debian's mirrors as this machine's apt has them; on one of another distribution as B2P_DEBIAN_MIRROR says. A mirror that
 * is signed by keys of its own has them in the file B2P_DEBIAN_KEYRING.
 */
export async function mirrors(): Promise<Mirror[]> {
  const named = process.env.B2P_DEBIAN_MIRROR
  if (named) return [{ uri: named.replace(/\/$/, ''), parts: [''] }]
  const targets = await run('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN)|$(LABEL)|$(CODENAME)|$(SITE)',
    'Created-By: Packages',
  ])
  const found = parseTargets(targets)
  if (found.some(({ parts }) => parts.includes(''))) return found
  throw new Problem({
    where: 'apt',
    what: "it knows no mirror of Debian, where this project's sources come from",
    fix: 'on Debian: sudo apt-get update\nelsewhere name one: B2P_DEBIAN_MIRROR=URI ./b2p ...',
  })
}

/** Debian's own among the lines `ORIGIN|LABEL|CODENAME|SITE`; a mirror that is named twice is one. */
export function parseTargets(text: string): Mirror[] {
  const found = new Map<string, Mirror>()
  for (const line of text.split('\n')) {
    const [origin, label, codename = '', uri = ''] = line.split('|')
    if (origin !== 'Debian' || !label?.startsWith('Debian')) continue
    const part = /-(updates|security)$/.exec(codename)?.[0] as '-updates' | '-security' | undefined
    if (part === undefined && codename.includes('-')) continue
    const mirror = found.get(uri) ?? { uri, parts: [] }
    if (!mirror.parts.includes(part ?? '')) mirror.parts.push(part ?? '')
    found.set(uri, mirror)
  }
  return [...found.values()]
}
