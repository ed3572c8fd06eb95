import { chosen } from '../chosen.ts'
import type { Command } from '../command.ts'
import { kubeconfig as kubeconfigOf } from '../kubernetes.ts'
import { mustRun } from '../states.ts'

export const kubeconfig: Command = {
  usage: 'kubeconfig [NAME]',
  does: 'Print what kubectl has to know to speak to the cluster of a machine',
  more: "Whoever has it is the cluster's administrator. For a shell: podman-machine env --kubectl",
  examples: ['podman-machine kubeconfig box > ~/.kube/config'],
  words: [0, 1],
  async run(call) {
    const one = await chosen(call, call.words[0])
    await mustRun(one, 'Cannot ask for its kubeconfig')
    process.stdout.write(await kubeconfigOf(one))
  },
}
