import { getuid } from 'node:process'

/**
 * A command line as one that runs as root: as it is for root; for an ordinary user inside a user namespace
 * where this user is root. So it may read and remove what a build made unreadable, and own what it packs.
 */
export function asRoot(command: string, args: readonly string[]): [string, string[]] {
  return isRoot() ? [command, [...args]] : ['unshare', ['--map-root-user', command, ...args]]
}

/** A command line in a mount namespace of its own, where it is root and may mount. It ends when this process does. */
export function withMounts(command: string, args: readonly string[]): [string, string[]] {
  const user = isRoot() ? [] : ['--map-root-user']
  // The kernel forgets the death signal when a user namespace is entered: so it is set inside.
  const inside = ['setpriv', '--pdeathsig', 'KILL', command, ...args]
  return ['unshare', ['--mount', '--propagation', 'private', ...user, ...inside]]
}

function isRoot(): boolean {
  return getuid?.() === 0
}
