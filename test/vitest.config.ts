import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'scenarios',
    include: ['src/scenarios/*.test.ts'],
    globalSetup: 'src/global-setup.ts',
    // Files share their worker's machine (src/machines.ts), and two machines are what two processors carry.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 300_000,
  },
})
