import { basename } from 'node:path'
import { commandLine, type MachineSpec, type Unattended } from '@boot2podman/qemu'
import { API_PORT } from '../kubernetes.ts'
import type { Machine } from '../machine.ts'
import { parsePublish } from './publish.ts'
import type { QemuSettings } from './settings.ts'
import { parseVolume, volumeTag } from './volume.ts'

/** The arguments for QEMU, which is started in the machine's folder: files there go by their names alone. */
export function qemuArguments(
  { name, files, config }: Machine<QemuSettings>,
  accelerator: NonNullable<MachineSpec['accelerator']>,
  publicKey: string,
): string[] {
  const { Driver } = config
  const spec: MachineSpec = {
    medium: { file: basename(files.iso), as: 'ide-cd' },
    memory: Driver.Memory,
    cpus: Driver.CPU,
    accelerator,
    disks: [
      {
        file: basename(files.disk),
        format: 'qcow2',
        discard: true,
        ...(Driver.CacheMode !== 'default' && { cache: Driver.CacheMode }),
        ...(Driver.IOMode !== 'threads' && { aio: Driver.IOMode }),
      },
    ],
    // The disk has the keys as well; so a machine whose disk is lost lets its owner in.
    fwCfg: {
      'opt/boot2podman/authorized_keys': publicKey,
      'opt/boot2podman/boot2podman.conf': `hostname = ${name}\n`,
    },
    network: network(Driver),
    forward: [
      { host: Driver.SSHPort, guest: 22 },
      ...(Driver.KubernetesPort === undefined ? [] : [{ host: Driver.KubernetesPort, guest: API_PORT }]),
      ...parsePublish(Driver.Publish),
    ],
    folders: Driver.Volumes.map((text, index) => {
      const { host, readOnly } = parseVolume(text)
      return { path: host, tag: volumeTag(index), readOnly }
    }),
  }
  const place: Unattended = {
    file: basename(files.console),
    qmp: Driver.MonitorPort === undefined ? basename(files.monitor) : { port: Driver.MonitorPort },
    pidFile: basename(files.pid),
    name,
    uuid: Driver.UUID,
    ...(Driver.Display && { display: Driver.DisplayType || 'gtk' }),
  }
  return commandLine(spec, place)
}

function network({
  Network,
  NetworkBridge,
  NetworkInterface,
}: QemuSettings): NonNullable<MachineSpec['network']> {
  if (Network === 'bridge') return { bridge: NetworkBridge }
  return Network === 'tap' ? { tap: NetworkInterface } : true
}
