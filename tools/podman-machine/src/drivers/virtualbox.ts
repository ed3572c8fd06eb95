import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@boot2podman/kit'
import { engineSettings } from '../engine-settings.ts'
import { ensureIso, takeIso } from '../iso/machine-iso.ts'
import { wantedSource } from '../iso/source.ts'
import { cannotWrite, type Machine, save } from '../machine.ts'
import { isThere, makeKey } from '../qemu/key.ts'
import { userdataTar } from '../qemu/userdata-tar.ts'
import { inMachine } from '../ssh.ts'
import { sshPort } from '../ssh-port.ts'
import {
  createCommands,
  diskCommands,
  diskFile,
  forwardCommands,
  hostOnlyCommand,
  modifyCommand,
  serialCommand,
} from '../virtualbox/commands.ts'
import { hostOnlyAdapter } from '../virtualbox/host-only.ts'
import { info, mayFail, stateOf, vboxManage } from '../virtualbox/manage.ts'
import { type VirtualBoxSettings, virtualBoxOptions, virtualBoxSettings } from '../virtualbox/settings.ts'
import type { Driver } from './driver.ts'

const MB = 2 ** 20
/** Containers have 10 s to end, and services some more. */
const SHUTDOWN = 60

/** A machine of VirtualBox's. SSH goes by a port of the loopback; containers' ports by the network that it shares with its host. */
export const virtualbox: Driver<VirtualBoxSettings> = {
  name: 'virtualbox',
  options: virtualBoxOptions,
  settings: virtualBoxSettings,

  /** What is there already stays: so one that was broken off can be taken to its end. */
  async create(machine, progress) {
    const { store, files, name, config } = machine
    const { Driver } = config
    // Before anything is fetched: is VirtualBox there?
    await info(vmName(machine))
    try {
      progress.phase('getting the ISO')
      Driver.ISO = await takeIso(store, files, wantedSource(Driver), progress)
      progress.phase('making the key')
      await makeKey(files, name)
      Driver.SSHKeyPath = files.key
      progress.phase('making the disk')
      if (!(await isThere(diskFile(files)))) await makeDisk(machine)
    } catch (error) {
      throw cannotWrite(store, error as NodeJS.ErrnoException)
    }
    progress.phase('making the machine in VirtualBox')
    // One that was half made is made anew; its disk is kept.
    if (await info(vmName(machine))) await vboxManage(['unregistervm', vmName(machine)])
    await rm(join(files.folder, 'virtualbox'), { recursive: true, force: true })
    await vboxManage(...createCommands(vmName(machine), files, Driver), serialCommand(vmName(machine), files))
    await save(machine)
  },

  async start(machine, progress) {
    const { store, files, config } = machine
    const { Driver } = config
    const name = vmName(machine)
    const state = await virtualbox.state(machine)
    if (state === 'Paused') return await vboxManage(['controlvm', name, 'resume'])
    progress.phase('checking the ISO')
    await ensureIso(store, files, Driver, progress)
    if (state !== 'Saved') {
      progress.phase('setting up its networks')
      Driver.SSHPort = await sshPort()
      await save(machine)
      const { may, must } = forwardCommands(name, Driver.SSHPort)
      await mayFail(may)
      const adapter = await hostOnlyAdapter(Driver)
      await vboxManage(modifyCommand(name, Driver), must, hostOnlyCommand(name, adapter, Driver))
    }
    progress.phase('starting it in VirtualBox')
    await vboxManage(['startvm', name, '--type', Driver.UIType])
  },

  async stop(machine, progress) {
    progress.phase('waiting for the machine to shut down')
    if ((await virtualbox.state(machine)) === 'Paused')
      await vboxManage(['controlvm', vmName(machine), 'resume'])
    await vboxManage(['controlvm', vmName(machine), 'acpipowerbutton'])
    for (let second = 0; second < SHUTDOWN; second++) {
      if ((await virtualbox.state(machine)) === 'Stopped') return
      await sleep(1000)
    }
    progress.say(`not done after ${SHUTDOWN} s: pulling the plug`)
    await virtualbox.kill(machine)
  },

  async kill(machine) {
    await vboxManage(['controlvm', vmName(machine), 'poweroff'])
  },

  async remove(machine) {
    const told = await info(vmName(machine))
    if (!told) return
    if (!['Stopped', 'Saved'].includes(stateOf(told))) await virtualbox.kill(machine)
    await vboxManage(['unregistervm', vmName(machine), '--delete'])
  },

  async state(machine) {
    return stateOf(await info(vmName(machine)))
  },

  async change(machine, { memory, cpus, diskSize, publish }) {
    const { Driver } = machine.config
    if (publish !== undefined) {
      throw new Problem({
        where: '--publish',
        what: 'the driver virtualbox does not do it: a machine has an address of its own',
      })
    }
    if (diskSize !== undefined && diskSize < Driver.DiskSize) {
      throw new Problem({ where: '--disk-size', what: `a disk only grows: it has ${Driver.DiskSize} MB` })
    }
    if (diskSize !== undefined) {
      if ((await virtualbox.state(machine)) !== 'Stopped') {
        throw new Problem({
          where: '--disk-size',
          what: 'VirtualBox can do it only while the machine is stopped',
        })
      }
      await vboxManage(['modifymedium', 'disk', diskFile(machine.files), '--resize', String(diskSize)])
    }
    Object.assign(Driver, {
      Memory: memory ?? Driver.Memory,
      CPU: cpus ?? Driver.CPU,
      DiskSize: diskSize ?? Driver.DiskSize,
    })
    await save(machine)
  },

  ssh({ config, files }) {
    const { IPAddress: host, SSHPort: port, SSHUser: user } = config.Driver
    return { host, port, user, key: files.key }
  },

  /** Of its second network card, the one that this computer reaches. */
  async ip(machine) {
    const target = virtualbox.ssh(machine)
    if (!target || (await virtualbox.state(machine)) !== 'Running') return ''
    const { stdout } = await inMachine(machine, target, 'ip -o -4 addr show dev eth1')
    return /inet ([\d.]+)/.exec(stdout)?.[1] ?? ''
  },

  async url(machine) {
    const ip = await virtualbox.ip(machine)
    return ip === '' ? '' : `tcp://${ip}`
  },

  log: ({ files }) => files.console,
}

/** Another store may have a machine of this name; VirtualBox has one list of all. */
function vmName({ name, files }: Machine<VirtualBoxSettings>): string {
  return `podman-machine-${name}-${createHash('sha256').update(files.folder).digest('hex').slice(0, 8)}`
}

async function makeDisk({ files, config }: Machine<VirtualBoxSettings>): Promise<void> {
  const beginning = join(files.folder, 'disk.raw')
  const tar = userdataTar(await readFile(files.publicKey, 'utf8'), engineSettings(config.HostOptions))
  // In whole megabytes, as VirtualBox counts.
  await writeFile(beginning, Buffer.concat([tar, Buffer.alloc(MB - (tar.length % MB))]))
  await vboxManage(...diskCommands(files, beginning, config.Driver.DiskSize))
  await rm(beginning)
}
