import manifest from '../package.json' with { type: 'json' }

/** The line of `--version`. The build, a commit, is noted when the package is made. */
export function versionLine(): string {
  return `podman-machine version ${manifest.version}, build ${process.env.PODMAN_MACHINE_BUILD ?? 'none'}`
}
