import { defineConfig } from 'vitest/config'

/** The unit tests. Scenarios, on a booted image, have configurations of their own: test/*.config.ts. */
export default defineConfig({
  test: {
    include: ['{tools,test}/**/*.test.ts'],
    exclude: ['test/src/{scenarios,kubernetes}/**', '**/fixtures/**', '**/node_modules/**'],
    // Of themselves, on two processors, they take one worker.
    maxWorkers: 2,
    // Many start real programs, on machines that do other work too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
