import { Problem, run } from '@boot2podman/kit'

/** The archive of Debian that this host's own apt uses, without a slash at the end. */
export async function debianMirror(): Promise<string> {
  const targets = await run('apt-get', ['indextargets', '--format', '$(ORIGIN)\t$(LABEL)\t$(REPO_URI)'])
  const site = targets
    .split('\n')
    .map((line) => line.split('\t'))
    .find(([origin, label]) => origin === 'Debian' && label === 'Debian')?.[2]
  if (site === undefined) {
    throw new Problem({
      where: 'apt-get indextargets',
      what: 'no archive of Debian among the sources of apt',
      fix: 'add one to /etc/apt/sources.list.d, then: apt-get update',
    })
  }
  return site.replace(/\/+$/, '')
}
