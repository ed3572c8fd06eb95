import type { Command } from '../command.ts'
import { COMPLETED, completionScript } from '../completion.ts'
import { UsageProblem } from '../usage-problem.ts'

export const completion: Command = {
  usage: 'completion SHELL',
  does: 'Print what makes a shell complete verbs, flags and names of machines',
  more: `SHELL: ${COMPLETED.join(', ')}. Its first lines say where it belongs.`,
  examples: ['source <(podman-machine completion bash)', 'podman-machine completion fish | source'],
  words: [1, 1],
  async run({ words: [word] }) {
    const shell = COMPLETED.find((one) => one === word)
    if (shell === undefined) {
      throw new UsageProblem({
        where: 'podman-machine completion',
        what: `"${word}" is no shell that it is for`,
        fix: `known: ${COMPLETED.join(', ')}`,
      })
    }
    const { verbs } = await import('../verbs.ts')
    console.log(completionScript(shell, await Promise.all([...verbs.values()].map((load) => load([])))))
  },
}
