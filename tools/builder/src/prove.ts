import { join, posix } from 'node:path'
import type { Trouble } from '@boot2podman/kit'
import type { Package } from '@boot2podman/tcz'
import type { Elf } from './elf.ts'
import type { RootView } from './root-view.ts'
import type { Entry } from './tree.ts'

/** Something that a package's file, or its recipe, calls for; and where it may lie. */
export interface Call {
  /** The file that calls, or tcz.json. */
  by: string
  what: string
  /** Absolute paths: the first one that is there is taken. */
  places: string[]
}

/** What became of a package's calls. */
export interface Proof {
  /** One line a call that was found, sorted: `usr/local/bin/conmon: libc.so.6 is in glibc`. */
  found: string[]
  troubles: Trouble[]
}

/** What every machine has loaded: this package with its closure. */
export const CORE = 'core'

const LIBRARIES = ['/usr/local/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib', '/usr/lib64']
const PROGRAMS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin']

/** Filled while a machine runs: a link to such a place leads to nothing before. */
const RUNTIME = /^\/(?:dev|proc|sys|run|tmp|mnt|var\/run|etc\/(?:resolv\.conf|mtab))(?:\/|$)/

/** All that a package's files call for: libraries, interpreters, what links point to; and what its recipe says. */
export function callsOf(
  pkg: Package,
  entries: readonly Entry[],
  elfs: readonly Elf[],
  scripts: ReadonlyMap<string, string>,
): Call[] {
  return [
    ...elfs.flatMap(({ path, needed, runPath, interpreter }): Call[] => {
      const folders = [...runPath.map((one) => origin(one, path)), ...LIBRARIES]
      const libraries = needed.map((what) => ({ by: path, what, places: within(folders, what) }))
      return interpreter ? [{ by: path, what: interpreter, places: [interpreter] }, ...libraries] : libraries
    }),
    ...[...scripts].flatMap(([by, line]) =>
      interpreters(line).map((what) => ({ by, what, places: places(what) })),
    ),
    ...entries.flatMap(({ path, target }): Call[] => {
      if (target === undefined) return []
      const place = posix.resolve('/', posix.dirname(path), target)
      return RUNTIME.test(place) ? [] : [{ by: path, what: place, places: [place] }]
    }),
    ...(pkg.calls ?? []).map((what) => ({ by: 'tcz.json', what, places: places(what) })),
  ]
}

/** Looks each call up in the root of the package, its closure and the core; and each .dep edge in what was found. */
export function prove(
  pkg: Package,
  calls: readonly Call[],
  root: RootView,
  isEmpty: (name: string) => boolean,
): Proof {
  const used = new Set<string>()
  const found: string[] = []
  const troubles: Trouble[] = []
  for (const { by, what, places } of calls) {
    const hit = places.map(root.find).find((one) => one !== undefined)
    if (hit) {
      used.add(hit.owner)
      if (hit.owner !== pkg.name) found.push(`${by}: ${what} is in ${hit.owner}`)
    } else {
      const file = `${pkg.name}.tcz.dep`
      troubles.push({
        where: join(pkg.folder, by === 'tcz.json' ? by : file),
        what:
          by === 'tcz.json'
            ? `it calls ${what}, which no package brings`
            : `${by} needs ${what}, which no package brings`,
        fix: `looked for in ${pkg.name}, all that its .dep leads to, and the core; add the package that has it to ${file}`,
      })
    }
  }
  // Each package may use the core without saying so: what it consists of is what core.tcz.dep says.
  for (const dep of pkg.name === CORE ? [] : pkg.deps) {
    // A package without files stands for what it leads to.
    if (used.has(dep) || isEmpty(dep)) continue
    troubles.push({
      where: join(pkg.folder, `${pkg.name}.tcz.dep`),
      what: `nothing in ${pkg.name} uses ${dep}`,
      fix: `take the line ${dep}.tcz out; or, if it is started or read by name, name that in "calls" of tcz.json`,
    })
  }
  return { found: found.sort(), troubles }
}

/** `#!/usr/bin/env python3` calls for both. */
function interpreters(line: string): string[] {
  const [program = '', argument = ''] = line.slice(2).trim().split(/\s+/)
  return posix.basename(program) === 'env' && argument !== '' ? [program, argument] : [program]
}

function places(what: string): string[] {
  return what.startsWith('/') ? [what] : within(PROGRAMS, what)
}

function within(folders: readonly string[], name: string): string[] {
  return name.startsWith('/') ? [name] : folders.map((folder) => posix.join(folder, name))
}

function origin(folder: string, path: string): string {
  return folder.replace(/\$\{?ORIGIN\}?/, posix.join('/', posix.dirname(path)))
}
