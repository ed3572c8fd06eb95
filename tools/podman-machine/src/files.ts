import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The files of the store: all machines of one user, and what they share. */
export interface Store {
  folder: string
  /** ISO images, with their checksums. */
  cache: string
  machines: string
  /** A file for each machine that a podman-machine is at work on. */
  locks: string
}

/** The files of one machine. */
export interface MachineFiles {
  folder: string
  config: string
  key: string
  publicKey: string
  /** The host keys of this machine alone, in OpenSSH's form. */
  knownHosts: string
  /** For OpenSSH and all that reads its settings: `ssh -F`, or an Include line. */
  sshConfig: string
  iso: string
  /** The ISO that it ran before an upgrade. */
  previousIso: string
  disk: string
  console: string
  /** QEMU's QMP socket. */
  monitor: string
  pid: string
  /** Docker's API, forwarded to here, and the ssh which does that. */
  dockerSocket: string
  forward: string
  /** Of a cluster in the machine, for kubectl here. */
  kubeconfig: string
  /** Outside of the folder: it is held before there is a folder, and until it is gone. */
  lock: string
}

/** Where the store is: as given, else as MACHINE_STORAGE_PATH says, else ~/.local/machine. */
export function storeFiles(given?: string): Store {
  const folder = resolve(given || process.env.MACHINE_STORAGE_PATH || join(homedir(), '.local', 'machine'))
  return {
    folder,
    cache: join(folder, 'cache'),
    machines: join(folder, 'machines'),
    locks: join(folder, 'locks'),
  }
}

export function machineFiles(store: Store, name: string): MachineFiles {
  const folder = join(store.machines, name)
  const inside = (file: string) => join(folder, file)
  return {
    folder,
    config: inside('config.json'),
    key: inside('id_ed25519'),
    publicKey: inside('id_ed25519.pub'),
    knownHosts: inside('known_hosts'),
    sshConfig: inside('ssh_config'),
    iso: inside('boot2podman.iso'),
    previousIso: inside('boot2podman.previous.iso'),
    disk: inside('disk.qcow2'),
    console: inside('console.log'),
    monitor: inside('monitor'),
    pid: inside('qemu.pid'),
    dockerSocket: inside('docker.sock'),
    forward: inside('forward.json'),
    kubeconfig: inside('kubeconfig'),
    lock: join(store.locks, `${name}.lock`),
  }
}
