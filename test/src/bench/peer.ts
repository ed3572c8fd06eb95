import { chmod, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, run } from '@boot2podman/kit'
import { debianMirror } from '../debian-mirror.ts'

// What somebody would boot instead of us: a container host made of Debian's own packages, as small as they allow.
const PACKAGES = [
  'aardvark-dns',
  'buildah',
  'busybox-static',
  'ca-certificates',
  'crun',
  'dbus',
  'iproute2',
  'linux-image-amd64',
  'live-boot',
  'netavark',
  'nftables',
  'openssh-server',
  'podman',
  'skopeo',
  'systemd-sysv',
]
const WASTE = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale']

/**
 * Debian's live ISO, which writes PEER-RAN to its serial console when a container has run, and then powers off.
 * Made once (some minutes), kept in the cache. The boot loader is taken from our own ISO: one and the same for both.
 */
export async function peerIso(ours: string, onLine: (line: string) => void): Promise<string> {
  const folder = cacheFolder('bench', 'peer')
  const iso = join(folder, 'peer.iso')
  const made = await stat(iso).catch(() => undefined)
  if (made) return iso
  await rm(folder, { recursive: true, force: true })
  await cp(join(import.meta.dirname, 'peer'), folder, { recursive: true })
  const medium = join(folder, 'medium')
  await mkdir(join(medium, 'live'), { recursive: true })
  await mkdir(join(medium, 'isolinux'))
  const root = await liveRoot(folder, onLine)
  const squashfs = join(medium, 'live', 'filesystem.squashfs')
  const compression = ['-comp', 'zstd', '-Xcompression-level', '15', '-no-progress', '-quiet']
  await run('sh', ['-c', 'mksquashfs - "$0" -tar "$@" < "$ROOT"', squashfs, ...compression], {
    env: { ROOT: root },
    onLine,
  })
  await addKernel(folder, join(medium, 'live'))
  await addBootLoader(folder, medium, ours)
  await writeMedium(medium, `${iso}.part`)
  await rename(`${iso}.part`, iso)
  for (const part of [root, medium]) await rm(part, { recursive: true })
  return iso
}

/** The root as a tar archive; its kernel and initramfs go to the folder `boot`. */
async function liveRoot(folder: string, onLine: (line: string) => void): Promise<string> {
  const root = join(folder, 'root.tar')
  const quoted = JSON.stringify(folder)
  // Upload and copy-out are done by mmdebstrap itself: an ordinary user's root cannot write into the user's own folder.
  const hooks = [
    `upload ${quoted}/container.sh /usr/local/bin/container.sh`,
    `upload ${quoted}/container.service /etc/systemd/system/container.service`,
    'chroot "$1" chmod 755 /usr/local/bin/container.sh',
    'chroot "$1" systemctl enable container.service',
    `copy-out /boot ${quoted}`,
    `cd "$1"; rm -rf boot/* ${WASTE.map((path) => `${path}/*`).join(' ')}`,
  ]
  const options = [
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    ...hooks.map((hook) => `--customize-hook=${hook}`),
  ]
  await run('mmdebstrap', [...options, 'trixie', root, await debianMirror()], { onLine })
  return root
}

async function addKernel(folder: string, live: string): Promise<void> {
  const boot = join(folder, 'boot')
  for (const file of await readdir(boot)) {
    const name = /^(vmlinuz|initrd\.img)-/.exec(file)?.[1]
    if (name !== undefined) await cp(join(boot, file), join(live, name))
  }
  await rm(boot, { recursive: true })
}

async function addBootLoader(folder: string, medium: string, ours: string): Promise<void> {
  const boot = join(medium, 'isolinux')
  for (const file of ['isolinux.bin', 'ldlinux.c32']) {
    const target = join(boot, file)
    await run('xorriso', ['-osirrox', 'on', '-indev', ours, '-extract', `/boot/isolinux/${file}`, target])
    await chmod(target, 0o644)
  }
  await cp(join(folder, 'isolinux.cfg'), join(boot, 'isolinux.cfg'))
}

async function writeMedium(medium: string, iso: string): Promise<void> {
  const isolinux = ['-b', 'isolinux/isolinux.bin', '-c', 'isolinux/boot.cat']
  const floppyless = ['-no-emul-boot', '-boot-load-size', '4', '-boot-info-table']
  await run('xorriso', [
    ...['-as', 'mkisofs', '-quiet', '-V', 'peer', '-o', iso],
    ...isolinux,
    ...floppyless,
    medium,
  ])
}
