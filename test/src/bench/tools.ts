import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, guard, Problem } from '@boot2podman/kit'
import { accelerator, type Machine, start } from '@boot2podman/qemu'
import { peerIso } from './peer.ts'
import { type Row, table } from './table.ts'

const ROUNDS = 5
const TIMES = 10
const ISO = join(import.meta.dirname, '../../../dist/iso/boot2podman.iso')
const COMMANDS = ['podman --version', 'podman info', 'buildah --version', 'skopeo --version']

// Debian's root, out of its live ISO, which is in the machine's first disk: with a tmpfs above it, and its own place for containers.
const PEER = `set -e
mkdir -p /tmp/iso /tmp/lower /tmp/peer
mount -t iso9660 -o ro /dev/vda /tmp/iso
mount -o loop,ro /tmp/iso/live/filesystem.squashfs /tmp/lower
mount -t tmpfs peer /tmp/peer
mkdir /tmp/peer/upper /tmp/peer/work /tmp/peer/root
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/peer/upper,workdir=/tmp/peer/work peer /tmp/peer/root
for folder in dev proc sys sys/fs/cgroup; do mount -o bind /$folder /tmp/peer/root/$folder; done
mount -t tmpfs run /tmp/peer/root/run
mkdir -p /tmp/peer/root/var/lib/containers
mount -t tmpfs containers /tmp/peer/root/var/lib/containers`

/** Seconds that each tool takes to start, ours and Debian's of the same name, in turn in one machine. */
async function main(): Promise<void> {
  await access(ISO).catch(() => {
    throw new Problem({ where: 'dist/iso/boot2podman.iso', what: 'not built yet', fix: './b2p iso' })
  })
  console.log("Debian's live ISO: made once, in some minutes")
  const peer = await peerIso(ISO, console.log)
  const medium = { file: ISO, as: 'ide-cd' as const }
  const { name, why } = await accelerator({ medium, memory: 256 })
  console.log(`accelerator: ${name} (${why}); ${TIMES} starts a figure`)
  const disks = [{ file: peer, format: 'raw' as const }]
  const log = cacheFolder('bench', 'tools.log')
  await using machine = await start({ medium, disks, memory: 1024, cpus: 1, accelerator: name }, log)
  await machine.run(`sudo sh <<'END'\n${PEER}\nEND`)
  for (const command of COMMANDS) {
    const rows: Row[] = [
      { name: `Debian: ${command}`, seconds: [] },
      { name: `boot2podman: ${command}`, seconds: [] },
    ]
    const where = ['chroot /tmp/peer/root', '']
    // Once each unmeasured: the first start reads from the medium, and makes the stores.
    for (const prefix of where) await seconds(machine, prefix, command)
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [index, prefix] of where.entries()) {
        rows[index]?.seconds.push(await seconds(machine, prefix, command))
      }
    }
    console.log(`\n${table(rows, 3)}`)
  }
}

/** Of one start, by the machine's own clock. */
async function seconds(machine: Machine, prefix: string, command: string): Promise<number> {
  const loop = `i=0; while [ $i -lt ${TIMES} ]; do ${prefix} ${command} >/dev/null || exit 1; i=$((i + 1)); done`
  const uptime = 'cut -d" " -f1 /proc/uptime'
  const said = await machine.run(`sudo sh <<'END'\n${uptime}\n${loop}\n${uptime}\nEND`, { timeout: 300 })
  const [before = Number.NaN, after = Number.NaN] = said.trim().split('\n').map(Number)
  return (after - before) / TIMES
}

await guard(main)
