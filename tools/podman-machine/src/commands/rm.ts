import { rm as removeFiles, stat } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'
import { ask } from '../ask.ts'
import { chosen, together } from '../chosen.ts'
import type { Call, Command } from '../command.ts'
import { machineFiles } from '../files.ts'
import { stopForward } from '../forward.ts'
import { takeAway } from '../lifecycle.ts'
import { locked } from '../lock.ts'
import { cannotWrite, checkName } from '../machine.ts'
import { removeConnection } from '../podman-connection.ts'
import { quitAt } from '../qemu/monitor.ts'

export const rm: Command = {
  usage: 'rm [options] NAME...',
  does: 'Take machines away, with all that is in them',
  more: 'It is also called delete.',
  options: [
    { name: 'force', short: 'f', does: 'do not ask, and go on if the driver cannot do its part' },
    { name: 'yes', short: 'y', does: 'do not ask' },
  ],
  examples: ['podman-machine rm box', 'podman-machine rm -y one two'],
  words: [1, Number.POSITIVE_INFINITY],
  async run(call) {
    const names = [...new Set(call.words)]
    const force = call.values.flag('force')
    console.log(`About to remove ${names.join(', ')}`)
    console.log('WARNING: This action will delete both local reference and remote instance.')
    if (!force && !call.values.flag('yes') && !(await ask('Are you sure? (y/n): '))) return
    await together(names, async (name) => {
      await remove(call, name, force)
      console.log(`Successfully removed ${name}`)
    })
  },
}

async function remove({ store }: Call, name: string, force: boolean): Promise<void> {
  checkName(name)
  const files = machineFiles(store, name)
  await locked(
    { name, store, files },
    (line) => console.log(line),
    async () => {
      const folder = await stat(files.folder).catch(() => undefined)
      const halfMade = folder && !(await stat(files.config).catch(() => undefined))
      try {
        // Of one without config.json nothing but its folder was made.
        if (!halfMade) await takeAway(await chosen({ store }, name))
      } catch (error) {
        if (!(error instanceof Problem) || !force) throw error
        console.error(error.message)
        // Its QEMU may run all the same.
        await quitAt(files.monitor)
      }
      if (!folder) return
      await stopForward({ files })
      await removeConnection({ name, files })
      try {
        await removeFiles(files.folder, { recursive: true, force: true })
      } catch (error) {
        throw cannotWrite(store, error as NodeJS.ErrnoException)
      }
    },
  )
}
