import { join } from 'node:path'
import { generateFiles, type Tree } from '@nx/devkit'

/** What a new package is to be; generator.schema.json says what each is. */
export interface NewPackage {
  name: string
  kind: 'local' | 'url' | 'debsrc' | 'deb' | 'go' | 'cargo'
  from?: string
  system?: 'autotools' | 'make' | 'meson' | 'script'
  version?: string
  licence?: string
  summary?: string
  program?: string
  module?: string
}

const TEMPLATES = join(import.meta.dirname, '../templates')

/** Writes a folder that builds as it is, out of `templates/`: what all have, then what the kind has of its own. */
export default async function generate(tree: Tree, options: NewPackage): Promise<void> {
  const { name, kind, from = name } = options
  const folder = join('packages', name)
  const values = {
    name,
    from,
    program: options.program ?? name,
    version: options.version ?? '0.1.0',
    licence: options.licence ?? 'Apache-2.0',
    summary: options.summary ?? `The program ${name}`,
    source: formatSource(kind, kind === 'go' ? (options.module ?? from) : from),
  }
  for (const template of ['common', ...ownTemplate(options)]) {
    generateFiles(tree, join(TEMPLATES, template), folder, values)
  }
  for (const script of ['build.sh', 'check.sh']) {
    if (tree.exists(join(folder, script))) tree.changePermissions(join(folder, script), 0o755)
  }
}

function ownTemplate({ kind, system = 'autotools' }: NewPackage): string[] {
  switch (kind) {
    case 'deb':
      return []
    case 'url':
    case 'debsrc':
      return [system]
    default:
      return [kind]
  }
}

/** On one line, as people write it. */
function formatSource(kind: NewPackage['kind'], from: string): string {
  const where = kind === 'local' ? 'source' : from
  return `{ "${kind}": ${JSON.stringify(kind === 'deb' ? [where] : where)} }`
}
