import { defineConfig } from 'vitest/config'
import scenarios from './vitest.config.ts'

/** Scenarios of the Kubernetes image, for ./b2p test kubernetes. A cluster takes what two processors carry: one at a time. */
export default defineConfig({
  test: {
    ...scenarios.test,
    name: 'kubernetes',
    include: ['src/kubernetes/*.test.ts'],
    globalSetup: 'src/kubernetes-setup.ts',
    maxWorkers: 1,
    // Emulated, a cluster takes minutes for each of its steps.
    testTimeout: 3_600_000,
  },
})
