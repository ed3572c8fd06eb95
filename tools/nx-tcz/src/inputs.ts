import { closure, type Package, type Repository } from '@boot2podman/tcz'
import type { TargetConfiguration } from '@nx/devkit'
import type { Flavour } from './flavour.ts'
import { type Modules, modulesOf } from './modules.ts'

type Input = NonNullable<TargetConfiguration['inputs']>[number]
type NamedInputs = Record<string, Input[]>

/*
 * What each step is made from: all that can change its result, and nothing else. Too little here and a stale file
 * goes into an image; too much and a comment somewhere compiles the kernel again.
 */

// Notes, tests of a recipe's own scripts, and the number by which the kernel's build tells how far it is.
const NOTES = ['!{projectRoot}/**/*.test.*', '!{projectRoot}/*.md', '!{projectRoot}/steps']

/** Of a package's folder. Each says it all: in Nx what one list leaves out no other can add. */
export const packageInputs: NamedInputs = {
  // For its build: who is loaded with it and how it is checked do not change what is compiled.
  recipe: ['{projectRoot}/**/*', '!{projectRoot}/*.tcz.dep', '!{projectRoot}/check.sh', ...NOTES],
  // For whoever builds or runs with it: its .dep file too, as that decides what comes along.
  package: ['{projectRoot}/**/*', '!{projectRoot}/check.sh', ...NOTES],
  proof: ['{projectRoot}/**/*', ...NOTES],
}

// What says something to a person, or keeps what was made, has no hand in it. The recipe's schema only refuses: what
// it lets pass it does not change.
const NO_HAND = new Set([
  'tools/kit/src/problem.ts',
  'tools/builder/src/disk-full.ts',
  'tools/builder/src/progress.ts',
  'tools/builder/src/results.ts',
  'tools/tcz/tcz.schema.json',
])

// They start programs and read JSON: another version of them makes the same. An npm package that writes into a file
// of dist/ is not in this list, and so is an input. Without any list every package of the lock file would be one.
const NPM_NO_HAND = new Set(['ajv', 'execa', 'jsonc-parser'])

const KINDS = ['go', 'cargo', 'debsrc', 'deb', 'url', 'local']
// Where a source's kind is chosen, and the module that knows it.
const CHOOSES = 'tools/sources/src/source.ts'
const kindModule = (kind: string) => `tools/sources/src/${kind}.ts`

/** Of the tools, by the folder of each: the modules behind a step. */
export function toolInputs(root: string, folder: string): NamedInputs {
  const madeBy = (entry: string, kind?: string) =>
    toInputs(
      modulesOf(root, entry, (from, to) => {
        const otherKind = from === CHOOSES && KINDS.some((one) => one !== kind && to === kindModule(one))
        return NO_HAND.has(to) || otherKind
      }),
    )
  switch (folder) {
    case 'tools/builder':
      return {
        ...Object.fromEntries(
          KINDS.map((kind) => [`build-${kind}`, madeBy('tools/builder/src/build.ts', kind)]),
        ),
        pack: madeBy('tools/builder/src/pack.ts'),
        check: madeBy('tools/builder/src/check.ts'),
      }
    case 'tools/image':
      return { image: madeBy('tools/image/src/cli.ts') }
    default:
      return {}
  }
}

export function buildInputs(one: Package, packages: Repository): Input[] {
  const from = needed(one.buildDeps, packages)
  // How those were packed is left out: out of a .tcz comes what went in.
  return ['recipe', ...recipes(from), ...builders([one.name, ...from], packages), NO_NPM]
}

export function tczInputs(one: Package, packages: Repository): Input[] {
  const from = needed([...one.deps, ...one.buildDeps], packages)
  const packed = [builder('pack'), ...packer(packages)]
  return ['package', ...recipes(from), ...builders([one.name, ...from], packages), ...packed, NO_NPM]
}

export function checkInputs(one: Package, packages: Repository): Input[] {
  const from = needed([...one.deps, ...one.buildDeps, ...core(packages)], packages)
  const packed = [builder('pack'), ...packer(packages)]
  const tools = [...builders([one.name, ...from], packages), ...packed, builder('check')]
  return ['proof', ...recipes(from), ...tools, NO_NPM]
}

export function isoInputs(flavour: Flavour, packages: Repository): Input[] {
  const from = needed(flavour.packages, packages)
  return [
    ...[flavour, ...flavour.bases].map(({ file }) => `{workspaceRoot}/${file}`),
    ...recipes(from),
    ...builders(from, packages),
    builder('pack'),
    ...packer(packages),
    { input: 'image', projects: ['@boot2podman/image'] },
    { runtime: PUBLIC_KEY },
    NO_NPM,
  ]
}

/** The package whose mksquashfs packs the others; it is taken from its pins, not from its .tcz, and so is no edge. */
function packer(packages: Repository): Input[] {
  return recipes([...packages.keys()].filter((name) => name === 'squashfs-tools'))
}

/** The packages under everything: each check runs on them. A repository of a test may have none. */
export function core(packages: Repository): string[] {
  return packages.has('core') ? ['core'] : []
}

// It is in the image. One that is not made yet is as no key, and the image is made anew when it is there.
const KEY = `"\${B2P_REPOSITORY_KEY:-\${XDG_CONFIG_HOME:-$HOME/.config}/boot2podman/repository-key}"`
const PUBLIC_KEY = `ssh-keygen -y -P '' -f ${KEY} 2>/dev/null || true`

// A list that names none still takes the place of Nx's own, which names all.
const NO_NPM: Input = { externalDependencies: [] }

/** These and all that goes into them: what they run with and what they are built with. */
function needed(names: string[], packages: Repository): string[] {
  return closure(names, (name) => {
    const one = packages.get(name)
    return one ? [...one.deps, ...one.buildDeps] : []
  }).sort()
}

function recipes(projects: string[]): Input[] {
  return projects.length > 0 ? [{ input: 'package', projects }] : []
}

/** What builds these: only for the kinds of source that they have. */
function builders(names: string[], packages: Repository): Input[] {
  const sources = names.map((name) => packages.get(name)?.source ?? {})
  return KINDS.filter((kind) => sources.some((source) => kind in source)).map((kind) =>
    builder(`build-${kind}`),
  )
}

function builder(input: string): Input {
  return { input, projects: ['@boot2podman/builder'] }
}

function toInputs({ files, npm }: Modules): Input[] {
  const writing = npm.filter((name) => !NPM_NO_HAND.has(name))
  return [
    ...files.map((file) => `{workspaceRoot}/${file}`),
    ...(writing.length > 0 ? [{ externalDependencies: writing }] : []),
  ]
}
