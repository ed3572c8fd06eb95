import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, guard, Problem } from '@boot2podman/kit'
import { accelerator, type Machine, type MachineSpec, start } from '@boot2podman/qemu'
import { peerIso } from './peer.ts'
import { type Row, table } from './table.ts'

const ROUNDS = 3
const ISO = join(import.meta.dirname, '../../../dist/iso/boot2podman.iso')
const SECONDS = 600

// The same that the peer's container.sh does, typed by whoever sits at the console. The quotes keep the echo of the line
// from being taken for the container's word.
const TYPED = [
  'mkdir -p /tmp/tiny/bin',
  'cp /bin/busybox /tmp/tiny/bin/',
  'tar -C /tmp/tiny -cf /tmp/tiny.tar .',
  'sudo podman import -q /tmp/tiny.tar localhost/tiny',
  'sudo podman run --rm localhost/tiny /bin/busybox echo OURS"-"RAN',
].join('; ')

interface Contender {
  name: string
  iso: string
  memory: number
  /** Waits until a container has run. */
  untilRan(machine: Machine): Promise<unknown>
}

/** Seconds from QEMU's start to a container having run: Debian's live ISO and ours, in turn. */
async function main(): Promise<void> {
  await access(ISO).catch(() => {
    throw new Problem({ where: 'dist/iso/boot2podman.iso', what: 'not built yet', fix: './b2p iso' })
  })
  console.log("Debian's live ISO: made once, in some minutes")
  const contenders: Contender[] = [
    { name: 'Debian live, 1024 MB', iso: await peerIso(ISO, console.log), memory: 1024, untilRan: peerRan },
    { name: 'boot2podman, 256 MB', iso: ISO, memory: 256, untilRan: oursRan },
    { name: 'boot2podman, 128 MB', iso: ISO, memory: 128, untilRan: oursRan },
  ]
  const { name, why } = await accelerator({ medium: { file: ISO, as: 'ide-cd' }, memory: 256 })
  console.log(`accelerator: ${name} (${why}); one processor each`)
  const rows: Row[] = contenders.map(({ name }) => ({ name, seconds: [] }))
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [index, contender] of contenders.entries()) {
      const seconds = await measure(contender, name)
      rows[index]?.seconds.push(seconds)
      console.log(`round ${round}: ${contender.name}: ${seconds.toFixed(1)} s`)
    }
  }
  console.log(`\n${table(rows)}`)
}

async function measure(
  { name, iso, memory, untilRan }: Contender,
  accelerator: 'kvm' | 'tcg',
): Promise<number> {
  // One processor, as QEMU itself has it: two emulated ones get in each other's way on a host of two that has other work.
  const spec: MachineSpec = { medium: { file: iso, as: 'ide-cd' }, memory, accelerator, cpus: 1 }
  const log = cacheFolder('bench', `${name.replace(/\W+/g, '-')}.log`)
  const begin = performance.now()
  await using machine = await start(spec, log)
  try {
    await untilRan(machine)
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new Problem({ where: name, what, fix: `its console: ${log}\nby hand: ${machine.byHand}` })
  }
  return (performance.now() - begin) / 1000
}

async function peerRan({ console }: Machine): Promise<void> {
  await console.waitFor(/PEER-RAN/, SECONDS)
}

async function oursRan({ console }: Machine): Promise<void> {
  await console.waitFor(/tc@box:~\$ /, SECONDS)
  console.type(`${TYPED}\n`)
  await console.waitFor(/OURS-RAN/, SECONDS)
}

await guard(main)
