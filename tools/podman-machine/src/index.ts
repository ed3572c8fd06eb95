import { guard } from '@boot2podman/kit'
import { main } from './main.ts'
import { UsageProblem } from './usage-problem.ts'

/** Runs what was typed after `podman-machine`, prints what is wrong, and sets the exit code: 2 for a line that is wrong. */
export async function podmanMachine(typed: readonly string[]): Promise<void> {
  let usage = false
  await guard(async () => {
    try {
      await main(typed)
    } catch (error) {
      usage = error instanceof UsageProblem
      throw error
    }
  })
  if (usage) process.exitCode = 2
}
