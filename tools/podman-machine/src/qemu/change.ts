import type { Changes } from '../drivers/driver.ts'
import { UsageProblem } from '../usage-problem.ts'
import { formatPublish, parsePublish } from './publish.ts'
import { checkCpus, checkDiskSize, checkMemory, type QemuSettings } from './settings.ts'

/** Changes the settings, all of them or, if one is wrong, none. The disk itself grows at the next start. */
export function change(settings: QemuSettings, { memory, cpus, diskSize, publish }: Changes): void {
  if (diskSize !== undefined && diskSize < settings.DiskSize) {
    throw new UsageProblem({
      where: '--disk-size',
      what: `a disk only grows: it has ${settings.DiskSize} MB`,
      fix: 'for a smaller one: make another machine',
    })
  }
  Object.assign(settings, {
    ...(memory !== undefined && { Memory: checkMemory(memory, '--memory') }),
    ...(cpus !== undefined && { CPU: checkCpus(cpus, '--cpus') }),
    ...(diskSize !== undefined && { DiskSize: checkDiskSize(diskSize, '--disk-size') }),
    ...(publish !== undefined && { Publish: parsePublish(publish).map(formatPublish) }),
  } satisfies Partial<QemuSettings>)
}
