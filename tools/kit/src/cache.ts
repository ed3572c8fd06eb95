import { homedir } from 'node:os'
import { join } from 'node:path'

/** A folder for what can be had again: $B2P_CACHE, else boot2podman in the user's cache folder. Never in the tree. */
export function cacheFolder(...parts: string[]): string {
  const base =
    process.env.B2P_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'boot2podman')
  return join(base, ...parts)
}
