import { Problem } from '@boot2podman/kit'
import { type Package, readRepository } from '@boot2podman/tcz'

/** The package of this name. Any mistake in any recipe is told first, so that Nx need not tell it its way. */
export function packageNamed(name: string): Package {
  const packages = readRepository('.')
  const one = packages.get(name)
  if (one) return one
  const close = [...packages.keys()].filter((known) => known.includes(name) || name.includes(known))
  throw new Problem({
    where: 'packages',
    what: `there is no package "${name}"`,
    fix: close.length > 0 ? `did you mean ${close.join(' or ')}?` : 'ls packages shows them',
  })
}
