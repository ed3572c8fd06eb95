import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, guard, Problem } from '@boot2podman/kit'
import { accelerator, start } from '@boot2podman/qemu'
import { dataDisk } from './data-disk.ts'
import { cutPower } from './power-cuts.ts'
import { startRegistry } from './registry.ts'

const ISO = join(import.meta.dirname, '../../dist/iso/boot2podman.iso')

/** Pulls the plug of a machine at work at as many moments as is asked for. */
async function main([count = '20', first = '1']: string[]): Promise<void> {
  await access(ISO).catch(() => {
    throw new Problem({ where: 'dist/iso/boot2podman.iso', what: 'not built yet', fix: './b2p iso' })
  })
  const medium = { file: ISO, as: 'ide-cd' as const }
  const { name } = await accelerator({ medium, memory: 256 })
  const registry = await startRegistry()
  try {
    await using data = await dataDisk(4000)
    await cutPower({
      boot: async (spec) => {
        const machine = await start(
          { medium, memory: 512, accelerator: name, ...spec },
          cacheFolder('bench', 'soak.log'),
        )
        await machine.ready()
        return machine
      },
      disks: [data.disk],
      seeds: Array.from({ length: Number(count) }, (_, index) => Number(first) + index),
      image: `10.0.2.2:${registry.port}/debian:trixie`,
      report: console.log,
    })
    console.log(`${count} power cuts: nothing was lost`)
  } finally {
    await registry.stop()
  }
}

await guard(() => main(process.argv.slice(2)))
