import type { TestProject } from 'vitest/node'
import { provideImage } from './provide-image.ts'

/** What all scenarios of the Kubernetes image share. No registry: it needs none. */
export default async function setup(project: TestProject): Promise<void> {
  await provideImage(project, 'boot2podman-kubernetes')
}
