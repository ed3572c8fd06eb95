import { defineConfig } from 'vitest/config'
import { LongestFirst } from './src/longest-first.ts'

export default defineConfig({
  test: {
    name: 'scenarios',
    include: ['src/scenarios/*.test.ts'],
    globalSetup: 'src/global-setup.ts',
    // Files share their worker's machine (src/machines.ts), and two machines are what two processors carry.
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // On a machine that does other work too, emulation is slow: a test that hangs is ended sooner by its own commands.
    testTimeout: 600_000,
  },
})
