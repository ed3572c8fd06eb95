import { expect, test } from 'vitest'
import { machineFiles, storeFiles } from '../files.ts'
import type { Machine } from '../machine.ts'
import { OptionValues } from '../option.ts'
import { qemuArguments } from './arguments.ts'
import { type QemuSettings, qemuOptions, qemuSettings } from './settings.ts'

function machine(changes: Partial<QemuSettings> = {}): Machine<QemuSettings> {
  const store = storeFiles('/store')
  const settings = qemuSettings(new OptionValues(qemuOptions, new Map()))
  const Driver: QemuSettings = {
    ...settings,
    SSHPort: 2222,
    UUID: 'u-u',
    MachineName: 'box',
    StorePath: '/store',
  }
  return {
    name: 'box',
    store,
    files: machineFiles(store, 'box'),
    config: {
      ConfigVersion: 4,
      Name: 'box',
      DriverName: 'qemu',
      Created: true,
      Driver: { ...Driver, ...changes },
      HostOptions: {
        EngineOptions: {
          ...{
            ArbitraryFlags: [],
            Env: [],
            InsecureRegistry: [],
            InstallURL: '',
            Labels: [],
            RegistryMirror: [],
          },
          StorageDriver: '',
        },
        AuthOptions: { ServerCertSANs: [] },
      },
    },
  }
}

test('what QEMU is started with', () => {
  expect(qemuArguments(machine(), 'tcg', 'ssh-ed25519 AAAA me\n')).toMatchInlineSnapshot(`
    [
      "-machine",
      "pc,graphics=off",
      "-accel",
      "tcg",
      "-cpu",
      "qemu64,+rdrand",
      "-smp",
      "1",
      "-m",
      "1024",
      "-drive",
      "if=none,id=iso,format=raw,readonly=on,file=boot2podman.iso,media=cdrom",
      "-device",
      "ide-cd,id=medium,drive=iso,bootindex=1",
      "-drive",
      "if=virtio,format=qcow2,discard=unmap,file=disk.qcow2",
      "-fw_cfg",
      "name=opt/boot2podman/authorized_keys,string=ssh-ed25519 AAAA me
    ",
      "-fw_cfg",
      "name=opt/boot2podman/boot2podman.conf,string=hostname = box
    ",
      "-nic",
      "user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:2222-:22",
      "-name",
      "box",
      "-uuid",
      "u-u",
      "-pidfile",
      "qemu.pid",
      "-display",
      "none",
      "-monitor",
      "none",
      "-boot",
      "strict=on",
      "-chardev",
      "file,id=console,path=console.log",
      "-serial",
      "chardev:console",
      "-qmp",
      "unix:monitor,server=on,wait=off",
    ]
  `)
})

test('with Kubernetes: a port that leads to the API server', () => {
  const line = qemuArguments(machine({ Kubernetes: true, KubernetesPort: 4000 }), 'tcg', '').join(' ')
  expect(line).toContain('hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=tcp:127.0.0.1:4000-:6443')
})

test('a window, a bridge, more ports, folders, a monitor at a port', () => {
  const line = qemuArguments(
    machine({
      ...{ Display: true, DisplayType: 'sdl', Publish: ['8080:80'], Volumes: ['/src:/src:ro'] },
      ...{ MonitorPort: 4444, CacheMode: 'none', IOMode: 'native' },
    }),
    'kvm',
    '',
  ).join(' ')
  expect(line).toContain('-display sdl ')
  expect(line).toContain('hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=tcp:127.0.0.1:8080-:80')
  expect(line).toContain('path=/src,mount_tag=volume0,')
  expect(line).toContain('tcp:127.0.0.1:4444,')
  expect(line).toContain('cache=none,aio=native')
  const bridged = qemuArguments(machine({ Network: 'bridge', NetworkBridge: 'br7' }), 'kvm', '').join(' ')
  expect(bridged).toContain('-nic bridge,br=br7,')
  expect(bridged).not.toContain('hostfwd')
})
