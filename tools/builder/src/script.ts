import type { Package } from '@boot2podman/tcz'

/** What every script of a recipe sees, the same on each machine. */
export function environment({ name, version }: Package): Record<string, string> {
  return {
    NAME: name,
    VERSION: version,
    RECIPE: '/build/recipe',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  }
}

/**
 * A command line that runs a script of a recipe. Both its streams are one: so its lines come in the order in which
 * it wrote them.
 */
export function oneStream(command: string): readonly [string, ...string[]] {
  return ['/bin/sh', '-c', `exec ${command} 2>&1`]
}
