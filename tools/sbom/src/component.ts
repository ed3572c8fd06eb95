import type { Package } from '@boot2podman/tcz'
import { ComponentType, ExternalReferenceType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums'
import {
  Component,
  ComponentRepository,
  ExternalReference,
  ExternalReferenceRepository,
  HashDictionary,
  LicenseExpression,
  LicenseRepository,
  Property,
  PropertyRepository,
} from '@cyclonedx/cyclonedx-library/Models'
import { PackageURL } from 'packageurl-js'
import type { Parts } from './parts.ts'

/** A package that is built, with the checksum of its .tcz and what it is made of. */
export interface Built {
  pkg: Package
  sha256: string
  parts: Parts
  /** Other packages that are linked into its programs. */
  linked: readonly Built[]
}

/** A package as CycloneDX has it: what it is, and inside it what it is made of. In another it is named below that one. */
export function packageComponent({ pkg, sha256, parts, linked }: Built, above = ''): Component {
  const { name, version, licence, summary, author, site } = pkg
  const ref = above + name
  return new Component(ComponentType.Application, name, {
    bomRef: ref,
    version,
    description: summary,
    licenses: new LicenseRepository([new LicenseExpression(licence)]),
    hashes: sha256Of(sha256),
    purl: purl('generic', 'boot2podman', name, version),
    ...(author !== undefined && { author }),
    ...(site !== undefined && {
      externalReferences: new ExternalReferenceRepository([
        new ExternalReference(site, ExternalReferenceType.Website),
      ]),
    }),
    components: new ComponentRepository([
      ...parts.sources.map((one) => sourceComponent(ref, pkg, one)),
      ...parts.modules.map((one) => moduleComponent(ref, one)),
      ...parts.crates.map((one) => crateComponent(ref, one)),
      ...linked.map((one) => packageComponent(one, `${ref}/`)),
    ]),
  })
}

/** A file that the source is made of. Files of the recipe itself have no package to name. */
function sourceComponent(owner: string, { source }: Package, one: Parts['sources'][number]): Component {
  const binary = 'deb' in source
  const debian = one.package
    ? purl('deb', 'debian', one.package, one.version, { arch: binary ? 'amd64' : 'source' })
    : undefined
  const crate = 'cargo' in source ? purl('cargo', undefined, source.cargo, one.version) : undefined
  const url = debian ?? crate
  return new Component(ComponentType.File, one.name, {
    bomRef: `${owner}/source/${one.name}`,
    version: one.version,
    hashes: sha256Of(one.sha256),
    ...(url !== undefined && { purl: url }),
    ...('url' in source && {
      externalReferences: new ExternalReferenceRepository([
        new ExternalReference(source.url, ExternalReferenceType.SourceDistribution),
      ]),
    }),
  })
}

function moduleComponent(owner: string, { path, version, sum }: Parts['modules'][number]): Component {
  const [name = '', ...above] = path.split('/').reverse()
  return new Component(ComponentType.Library, path, {
    bomRef: `${owner}/go/${path}`,
    version,
    purl: purl('golang', above.reverse().join('/'), name, version),
    // Of a module's files, not of one file: nothing that CycloneDX has an algorithm for.
    ...(sum !== undefined && { properties: new PropertyRepository([new Property('go:sum', sum)]) }),
  })
}

function crateComponent(owner: string, { name, version, sha256 }: Parts['crates'][number]): Component {
  return new Component(ComponentType.Library, name, {
    bomRef: `${owner}/crate/${name}@${version}`,
    version,
    hashes: sha256Of(sha256),
    purl: purl('cargo', undefined, name, version),
  })
}

function sha256Of(hex: string): HashDictionary {
  return new HashDictionary([[HashAlgorithm['SHA-256'], hex]])
}

function purl(
  type: string,
  namespace: string | undefined,
  name: string,
  version: string,
  qualifiers?: Record<string, string>,
): string {
  return new PackageURL(type, namespace, name, version, qualifiers, undefined).toString()
}
