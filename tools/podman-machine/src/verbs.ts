import type { Command } from './command.ts'

/** What is typed behind a verb may decide which flags it has. */
type Load = (words: readonly string[]) => Promise<Command>

/** Every verb but `help`, in the order of the help. Only the one that is called is loaded. */
export const verbs: ReadonlyMap<string, Load> = new Map<string, Load>([
  ['create', async (words) => await (await import('./commands/create.ts')).createFor(words)],
  ['ls', async () => (await import('./commands/ls.ts')).ls],
  ['env', async () => (await import('./commands/env.ts')).env],
  ['kubeconfig', async () => (await import('./commands/kubeconfig.ts')).kubeconfig],
  ['ssh', async () => (await import('./commands/ssh.ts')).ssh],
  ['start', async () => (await import('./commands/start.ts')).start],
  ['stop', async () => (await import('./commands/stop.ts')).stop],
  ['restart', async () => (await import('./commands/restart.ts')).restart],
  ['kill', async () => (await import('./commands/kill.ts')).kill],
  ['rm', async () => (await import('./commands/rm.ts')).rm],
  ['logs', async () => (await import('./commands/logs.ts')).logs],
  ['set', async () => (await import('./commands/set.ts')).set],
  ['upgrade', async () => (await import('./commands/upgrade.ts')).upgrade],
  ['scp', async () => (await import('./commands/scp.ts')).scp],
  ['mount', async () => (await import('./commands/mount.ts')).mount],
  ['status', async () => (await import('./commands/status.ts')).status],
  ['active', async () => (await import('./commands/active.ts')).active],
  ['config', async () => (await import('./commands/config.ts')).config],
  ['inspect', async () => (await import('./commands/inspect.ts')).inspect],
  ['ip', async () => (await import('./commands/ip.ts')).ip],
  ['url', async () => (await import('./commands/url.ts')).url],
  ['provision', async () => (await import('./commands/provision.ts')).provision],
  ['regenerate-certs', async () => (await import('./commands/regenerate-certs.ts')).regenerateCerts],
  ['completion', async () => (await import('./commands/completion.ts')).completion],
  ['version', async () => (await import('./commands/version.ts')).version],
])
