import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'
import { openLayer } from '@boot2podman/sandbox'
import { type Task, tczFile } from './task.ts'

/** The folders of packages that are built already, in the order of their names. A Problem tells all that are missing. */
export async function openLayers(
  { root, signal, pkg }: Task,
  names: readonly string[],
): Promise<Map<string, string>> {
  const missing = names
    .filter((name) => !existsSync(join(root, tczFile(name))))
    .map(
      (name): Trouble => ({
        where: pkg.folder,
        what: `${tczFile(name)} is not there yet`,
        fix: `to build it: ./b2p tcz ${name}`,
      }),
    )
  const [first, ...rest] = missing
  if (first) throw new Problem(first, ...rest)
  const layers = new Map<string, string>()
  for (const name of names) layers.set(name, await openLayer(join(root, tczFile(name)), signal))
  return layers
}
