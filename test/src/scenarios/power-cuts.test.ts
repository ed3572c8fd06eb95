import { test } from 'vitest'
import { dataDisk } from '../data-disk.ts'
import { debian } from '../images.ts'
import { boot } from '../machines.ts'
import { cutPower } from '../power-cuts.ts'

test('the plug pulled early, later and late in pulls, commits and keys: all that was safe is there', async () => {
  await using data = await dataDisk(1500)
  await cutPower({ boot, disks: [data.disk], seeds: [7, 12, 4], image: debian(), report: console.log })
})
