import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, run, writeAtomic } from '@boot2podman/kit'
import type { Suite } from '@boot2podman/tcz'
import { exclusive } from './exclusive.ts'
import { type Mirror, mirrors } from './mirror.ts'

/** apt for one suite of Debian, apart from the machine's own: what is installed here does not matter to it. */
export interface Apt {
  suite: Suite
  query(command: string, args: string[]): Promise<string>
  /** Runs apt-get in a folder, where it leaves its files. */
  get(args: string[], cwd: string, onLine: (line: string) => void): Promise<string>
  /** Asks the archive what it holds now, unless that was done a moment ago; says whether it had to. */
  refresh(): Promise<boolean>
}

// An index of that age is new enough to say that the archive no longer holds something.
const FRESH = 5 * 60 * 1000

/** Makes apt ready for a suite, with an index that may be old. Works for any user. */
export async function openApt(
  suite: Suite,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<Apt> {
  const base = cacheFolder('apt', suite)
  const config = join(base, 'apt.conf')
  const stamp = join(base, 'updated')
  const options = signal ? { signal } : {}
  const refresh = (age: number) =>
    exclusive(join(base, 'lock'), signal, async () => {
      if (isNewer(stamp, age)) return false
      say(`ask Debian's archive what ${suite} holds`)
      await prepare(base, suite)
      await run('apt-get', ['-c', config, 'update'], options)
      await writeAtomic(stamp, '')
      return true
    })
  if (!isNewer(stamp, Number.POSITIVE_INFINITY)) await refresh(Number.POSITIVE_INFINITY)
  return {
    suite,
    query: (command, args) => run(command, ['-c', config, ...args], options),
    get: (args, cwd, onLine) => run('apt-get', ['-c', config, ...args], { ...options, cwd, onLine }),
    refresh: () => refresh(FRESH),
  }
}

function isNewer(stamp: string, age: number): boolean {
  const time = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs
  return time !== undefined && Date.now() - time < age
}

async function prepare(base: string, suite: Suite): Promise<void> {
  for (const folder of ['lists/partial', 'archives/partial', 'empty']) {
    await mkdir(join(base, folder), { recursive: true })
  }
  await writeAtomic(join(base, 'status'), '')
  await writeAtomic(join(base, 'sources', 'debian.sources'), formatSources(suite, await mirrors()))
  await writeAtomic(join(base, 'apt.conf'), formatConfig(base))
}

/** apt's configuration, read after the machine's own: its proxy holds, its sources and what is installed do not. */
function formatConfig(base: string): string {
  return `Dir::State "${base}";
Dir::State::lists "${base}/lists";
Dir::State::status "${base}/status";
Dir::Cache "${base}";
Dir::Cache::archives "${base}/archives";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "${base}/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "${base}/empty";
#clear APT::Architectures;
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Default-Release "";
APT::Install-Recommends "false";
// The user apt would change to may not enter a home folder.
APT::Sandbox::User "root";
// A mirror that cannot be reached is an error, not a warning.
APT::Update::Error-Mode "any";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Acquire::Languages "none";
Acquire::Retries "3";
`
}

/** The suite's own index; a stable release also has its updates and its security updates, where a mirror holds them. */
export function formatSources(suite: Suite, found: readonly Mirror[]): string {
  return found
    .flatMap(({ uri, parts }) => parts.map((part) => ({ uri, part })))
    .filter(({ part }) => part === '' || suite === 'trixie')
    .map(
      ({ uri, part }) => `Types: deb deb-src
URIs: ${uri}
Suites: ${suite}${part}
Components: main
Targets: Packages Sources
Signed-By: ${process.env.B2P_DEBIAN_KEYRING ?? '/usr/share/keyrings/debian-archive-keyring.gpg'}
# A suite's index is often older than it says it may be.
Check-Valid-Until: no
`,
    )
    .join('\n')
}
