import { defineConfig } from 'vitest/config'
import scenarios from './vitest.config.ts'

/** Only what must fail: src/scenarios/harness.test.ts runs it. */
export default defineConfig({ test: { ...scenarios.test, include: ['src/must-fail/*.scenario.ts'] } })
