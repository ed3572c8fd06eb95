import { run } from '@boot2podman/kit'
import { test } from 'vitest'
import { emptyDisk } from '../data-disk.ts'
import { debian } from '../images.ts'
import { boot } from '../machines.ts'
import { cutPower } from '../power-cuts.ts'

test('the plug pulled at three moments of pulls, commits and keys: all that was safe is there', async () => {
  await using data = await emptyDisk(1500)
  await run('mkfs.ext4', ['-q', '-L', 'boot2podman-data', data.disk.file])
  await cutPower({ boot, disks: [data.disk], seeds: [7, 12, 4], image: debian(), report: console.log })
})
