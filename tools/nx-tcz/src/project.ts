import { closure, type Package, type Repository } from '@boot2podman/tcz'
import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit'
import type { Flavour } from './flavour.ts'
import { buildInputs, checkInputs, core, isoInputs, packageInputs, tczInputs, toolInputs } from './inputs.ts'

// `node` is the workspace's own, from node_modules/.bin: Nx puts that folder first in the PATH of a command.
const SOURCES = 'node tools/sources/src/cli.ts'
const BUILDER = 'node tools/builder/src/cli.ts'
const IMAGE = 'node tools/image/src/cli.ts'

/** The Nx project of a package: `source`, `build`, `tcz` and `check`. */
export function packageProject(one: Package, packages: Repository): ProjectConfiguration {
  const { name, folder } = one
  return {
    name,
    root: folder,
    tags: ['package'],
    // Nothing is imported from the tool, yet what it makes changes with it.
    implicitDependencies: ['@boot2podman/builder'],
    namedInputs: packageInputs,
    targets: {
      // To fill the cache before going off line. A build fetches what it lacks by itself: if it waited for this,
      // which only the cache outside the tree could answer, each call would start a process for every package.
      source: { command: `${SOURCES} fetch ${name}`, cache: false },
      build: {
        command: `${BUILDER} build ${name}`,
        cache: true,
        inputs: buildInputs(one, packages),
        dependsOn: tczOf(one.buildDeps),
        outputs: [`{workspaceRoot}/dist/build/${name}.tar`],
      },
      tcz: {
        command: `${BUILDER} tcz ${name}`,
        cache: true,
        inputs: tczInputs(one, packages),
        dependsOn: ['build', ...tczOf(one.deps)],
        outputs: [`{workspaceRoot}/dist/tcz/${name}.tcz*`],
      },
      check: {
        command: `${BUILDER} check ${name}`,
        cache: true,
        inputs: checkInputs(one, packages),
        dependsOn: ['tcz', ...tczOf(core(packages))],
        outputs: [`{workspaceRoot}/dist/check/${name}.json`],
      },
    },
  }
}

/** The Nx project of a package whose source nobody has pinned: it can be shown, and that is all. */
export function unpinnedProject({ name, folder }: Package): ProjectConfiguration {
  return { name, root: folder, tags: ['package', 'unpinned'], namedInputs: packageInputs }
}

/** The Nx project of an image: `iso`. Its root is its file, as several lie in one folder. */
export function flavourProject(flavour: Flavour, packages: Repository): ProjectConfiguration {
  const { name, file, extensions } = flavour
  const loaded = closure(extensions, (one) => packages.get(one)?.deps ?? [])
  return {
    name,
    root: file,
    tags: ['iso'],
    implicitDependencies: ['@boot2podman/image'],
    targets: {
      iso: {
        command: `${IMAGE} iso ${name}`,
        cache: true,
        inputs: isoInputs(flavour, packages),
        dependsOn: [
          { projects: loaded, target: 'check' },
          ...tczOf(flavour.packages.filter((one) => !loaded.includes(one))),
        ],
        outputs: [`{workspaceRoot}/dist/iso/${name}.iso*`, `{workspaceRoot}/dist/iso/${name}.cdx.json`],
      },
    },
  }
}

/** What a tool's own package.json does not say. */
export function toolProject(root: string, repository: string): ProjectConfiguration {
  const inputs = ['{projectRoot}/**/*', '^default']
  return {
    root,
    tags: ['tool'],
    namedInputs: toolInputs(repository, root),
    targets: {
      test: { command: `vitest run --passWithNoTests ${root}/`, cache: true, inputs },
      lint: {
        command: `biome check --error-on-warnings ${root}`,
        cache: true,
        inputs: ['{projectRoot}/**/*', '{workspaceRoot}/biome.json'],
      },
      // One program for all tools: types go across their borders.
      typecheck: {
        command: 'tsc -p tsconfig.json',
        cache: true,
        inputs: [...inputs, '{workspaceRoot}/tsconfig*.json'],
      },
    },
  }
}

function tczOf(projects: string[]): NonNullable<TargetConfiguration['dependsOn']> {
  return projects.length > 0 ? [{ projects, target: 'tcz' }] : []
}
