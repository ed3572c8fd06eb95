import { Problem } from '@boot2podman/kit'
import type { Command } from '../command.ts'
import type { Changes } from '../drivers/driver.ts'
import { eachLocked } from '../each-locked.ts'
import { stateOf } from '../states.ts'
import { UsageProblem } from '../usage-problem.ts'

export const set: Command = {
  usage: 'set [options] [NAME...]',
  does: 'Change what machines have; it counts from their next start on',
  more: 'A disk only grows; the machine takes the room by itself.',
  options: [
    { name: 'memory', value: 'MB', does: 'memory' },
    { name: 'cpus', value: 'N', does: 'processors' },
    { name: 'disk-size', value: 'MB', does: 'size of the data disk' },
    {
      name: 'publish',
      value: 'PORTS',
      list: true,
      does: 'ports of 127.0.0.1 that lead to the machine, HOST:GUEST[/udp]: these and no others; none: --publish ""',
    },
  ],
  examples: [
    'podman-machine set --memory 2048 --cpus 4 box',
    'podman-machine set --disk-size 40000 box && podman-machine restart box',
  ],
  async run(call) {
    const { values } = call
    const number = (name: string) => (values.has(name) ? values.whole(name, 1) : undefined)
    const [memory, cpus, diskSize] = [number('memory'), number('cpus'), number('disk-size')]
    const changes: Changes = {
      ...(memory !== undefined && { memory }),
      ...(cpus !== undefined && { cpus }),
      ...(diskSize !== undefined && { diskSize }),
      ...(values.has('publish') && { publish: values.list('publish').filter((text) => text !== '') }),
    }
    if (Object.keys(changes).length === 0) {
      throw new UsageProblem({
        where: 'podman-machine set',
        what: 'what is to be changed?',
        fix: 'such as --memory 2048; podman-machine set --help lists all',
      })
    }
    await eachLocked(call, async ({ machine, driver }, phases) => {
      if (driver.change === undefined) {
        throw new Problem({
          where: 'Error',
          what: `"${machine.name}" cannot be changed: its driver is ${driver.name}`,
        })
      }
      await driver.change(machine, changes)
      if ((await stateOf({ machine, driver })) === 'Stopped') return
      phases.say(`it runs now; it counts after podman-machine restart ${machine.name}`)
    })
  },
}
