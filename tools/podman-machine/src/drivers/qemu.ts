import { readFile, rename, rm } from 'node:fs/promises'
import { Problem } from '@boot2podman/kit'
import { engineSettings } from '../engine-settings.ts'
import { ensureIso, takeIso } from '../iso/machine-iso.ts'
import { wantedSource } from '../iso/source.ts'
import { API_PORT } from '../kubernetes.ts'
import { cannotWrite, type Machine, save } from '../machine.ts'
import { output } from '../processes.ts'
import { acceleration } from '../qemu/acceleration.ts'
import { qemuArguments } from '../qemu/arguments.ts'
import { change } from '../qemu/change.ts'
import { choosePorts } from '../qemu/choose-ports.ts'
import { deadEnd } from '../qemu/dead-end.ts'
import { growDisk, makeDisk } from '../qemu/disk.ts'
import { goOn, type Instance, isGone, isRunning, powerDown, quit, status } from '../qemu/instance.ts'
import { isThere, makeHostKey, makeKey } from '../qemu/key.ts'
import { launch } from '../qemu/launch.ts'
import { parsePublish } from '../qemu/publish.ts'
import { throwIfFull } from '../qemu/room.ts'
import { type QemuSettings, qemuOptions, qemuSettings } from '../qemu/settings.ts'
import { settle } from '../qemu/settle.ts'
import { stateOf } from '../qemu/state.ts'
import { userdataTar } from '../qemu/userdata-tar.ts'
import { throwIfNoFolders } from '../qemu/volume.ts'
import type { Driver } from './driver.ts'

/** Containers have 10 s to end, and services some more. */
const SHUTDOWN = 60

/** A machine of QEMU's on this computer, on its user network as a rule: its ports are bound to 127.0.0.1. */
export const qemu: Driver<QemuSettings> = {
  name: 'qemu',
  options: qemuOptions,
  settings: qemuSettings,

  /** What is there already stays: so one that was broken off can be taken to its end. */
  async create(machine, progress) {
    const { store, files, name, config } = machine
    const { Driver } = config
    try {
      // Without QEMU nothing is worth being made: it is a Problem that says where to get it.
      await output(Driver.Program, ['--version'])
      await throwIfFull(machine, progress)
      await throwIfNoFolders(Driver.Volumes)
      progress.phase('getting the ISO')
      Driver.ISO = await takeIso(store, files, wantedSource(Driver), progress)
      progress.phase('making the keys')
      await Promise.all([makeKey(files, name), makeHostKey(files, name)])
      Driver.SSHKeyPath = files.key
      progress.phase('making the disk')
      if (!(await isThere(files.disk))) {
        const keys = await readFile(files.publicKey, 'utf8')
        await makeDisk(files.disk, Driver.DiskSize, userdataTar(keys, engineSettings(config.HostOptions)))
      }
      await save(machine)
    } catch (error) {
      throw cannotWrite(store, error as NodeJS.ErrnoException)
    }
  },

  async start(machine, progress) {
    const { store, files, config } = machine
    const { Driver } = config
    if (await goOn(instanceOf(machine))) return
    // One that came to a dead end, or does not answer.
    await pullThePlug(machine)
    progress.phase('checking the ISO')
    await ensureIso(store, files, Driver, progress)
    if (await growDisk(files.disk, Driver.DiskSize)) progress.say(`the disk has ${Driver.DiskSize} MB now`)
    await throwIfNoFolders(Driver.Volumes)
    await choosePorts(machine, progress)
    const trial = { program: Driver.Program, iso: files.iso, cache: store.cache }
    const { name, why } = await acceleration(trial, progress)
    progress.phase(`starting QEMU with ${name === 'tcg' ? 'plain emulation' : name} (${why})`)
    await rename(files.console, `${files.console}.1`).catch(() => {})
    const args = qemuArguments(machine, name, await readFile(files.publicKey, 'utf8'))
    await launch(instanceOf(machine), { program: Driver.Program, args, folder: files.folder })
  },

  settle,

  async change(machine, changes) {
    change(machine.config.Driver, changes)
    await save(machine)
  },

  async stop(machine, progress) {
    const instance = instanceOf(machine)
    // Nobody is there to shut it down.
    if (await deadEnd(machine.files.console)) return await pullThePlug(machine)
    progress.phase('waiting for the machine to shut down')
    await powerDown(instance)
    if (await isGone(instance, SHUTDOWN)) return
    progress.say(`not done after ${SHUTDOWN} s: pulling the plug`)
    await pullThePlug(machine)
  },

  kill: pullThePlug,

  async remove(machine) {
    await pullThePlug(machine)
  },

  async state(machine) {
    const found = await status(instanceOf(machine))
    if (found === undefined) return 'Stopped'
    return found === 'running' && (await deadEnd(machine.files.console)) ? 'Error' : stateOf(found)
  },

  ssh({ config, files }) {
    const { IPAddress: host, SSHPort: port, SSHUser: user } = config.Driver
    return { host, port, user, key: files.key }
  },

  apiServer({ config }) {
    const { Network, IPAddress: host, KubernetesPort, Publish } = config.Driver
    if (Network !== 'user') return { host, port: API_PORT }
    const published = parsePublish(Publish).find(
      ({ guest, protocol }) => guest === API_PORT && protocol === 'tcp',
    )
    const port = KubernetesPort ?? published?.host
    return port === undefined ? undefined : { host, port }
  },

  async ip({ config }) {
    return config.Driver.IPAddress
  },

  async url(machine) {
    return (await isRunning(instanceOf(machine))) ? `tcp://${machine.config.Driver.IPAddress}` : ''
  },

  log: ({ files }) => files.console,
}

function instanceOf({ files, config }: Machine<QemuSettings>): Instance {
  const { UUID: uuid, MonitorPort: port } = config.Driver
  return { uuid, monitor: port === undefined ? files.monitor : { port }, pid: files.pid }
}

async function pullThePlug(machine: Machine<QemuSettings>): Promise<void> {
  const instance = instanceOf(machine)
  await quit(instance)
  if (await isRunning(instance)) {
    throw new Problem({
      where: machine.name,
      what: 'its QEMU does not end',
      fix: `end it by hand: its number is in ${machine.files.pid}`,
    })
  }
  for (const file of [machine.files.pid, machine.files.monitor]) await rm(file, { force: true })
}
