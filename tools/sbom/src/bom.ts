import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Package, Repository } from '@boot2podman/tcz'
import { ComponentType } from '@cyclonedx/cyclonedx-library/Enums'
import { Bom, Component } from '@cyclonedx/cyclonedx-library/Models'
import { JSON as Json, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize'
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec'
import { type Built, packageComponent } from './component.ts'
import { linkedInto } from './linked.ts'
import { partsOf } from './parts.ts'
import { serialNumber } from './serial.ts'

/** The bill of materials of one package that is built. */
export async function packageBom(
  root: string,
  repository: Repository,
  pkg: Package,
  serial: string,
): Promise<string> {
  const component = packageComponent(await built(root, repository, pkg))
  const bom = new Bom({ serialNumber: serial })
  bom.metadata.component = component
  // Where every reader looks for them.
  for (const part of component.components) bom.components.add(part)
  component.components.clear()
  return serialize(bom)
}

/** The bill of materials of an image: each package that is in it, with what that one is made of. */
export async function imageBom(
  root: string,
  image: { name: string; version: string },
  repository: Repository,
  names: readonly string[],
): Promise<string> {
  const bom = new Bom()
  const whole = new Component(ComponentType.OperatingSystem, image.name, {
    bomRef: `image/${image.name}`,
    version: image.version,
  })
  bom.metadata.component = whole
  const components = new Map<string, Component>()
  for (const name of [...names].sort()) {
    const pkg = repository.get(name)
    if (pkg) components.set(name, packageComponent(await built(root, repository, pkg)))
  }
  for (const [name, component] of components) {
    bom.components.add(component)
    whole.dependencies.add(component.bomRef)
    for (const dep of repository.get(name)?.deps ?? []) {
      const needed = components.get(dep)
      if (needed) component.dependencies.add(needed.bomRef)
    }
  }
  const text = serialize(bom)
  bom.serialNumber = serialNumber(text)
  return serialize(bom)
}

async function built(root: string, repository: Repository, pkg: Package): Promise<Built> {
  const sum = await readFile(join(root, 'dist/tcz', `${pkg.name}.tcz.sha256`), 'utf8')
  const linked = linkedInto(root, repository, pkg).map((one) => built(root, repository, one))
  const parts = await partsOf(root, pkg)
  return { pkg, sha256: sum.slice(0, 64), parts, linked: await Promise.all(linked) }
}

/** One field a line, by two blanks a level: `b2p-status --sbom` reads it with awk. */
function serialize(bom: Bom): string {
  return `${new JsonSerializer(new Json.Normalize.Factory(Spec1dot6)).serialize(bom, { space: 2 })}\n`
}
