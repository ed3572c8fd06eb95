import { existsSync, globSync } from 'node:fs'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder, Problem, run } from '@boot2podman/kit'
import { debsrc } from './debsrc.ts'
import type { Job, Kind, SourceOf } from './kind.ts'
import type { LockedFile } from './lock.ts'
import { sha256 } from './sha256.ts'
import { isStored, store, stored } from './store.ts'
import { extract, pack } from './tar.ts'
import { temporaryFolder } from './temporary.ts'
import { toolchain } from './toolchain.ts'

type Go = SourceOf<'go'>

const VENDOR = 'vendor.tar'
const MODULE = ['go.mod', 'go.sum']

/** Go modules: the recipe's go.mod and go.sum (and Go files of its own, if any), and all that they need as `vendor/`. */
export const go: Kind<Go> = {
  async fetch(job, locked) {
    await checkModule(job, locked)
    for (const file of locked) {
      if (file.name === VENDOR && !isStored(file.sha256)) await vendor(job, locked, file)
    }
  },

  async unpack({ root, pkg }, locked, folder) {
    await copyOwn(join(root, pkg.folder), folder)
    for (const file of locked) if (file.name === VENDOR) await extract(await stored(file), folder)
  },

  async pin(job) {
    const version = await required(job)
    const own = MODULE.map(async (name) => {
      return { name, version, sha256: await sha256(join(job.root, job.pkg.folder, name)) }
    })
    const replaced: LockedFile[] = []
    for (const { part } of replacements(job)) replaced.push(...(await debsrc.pin(part)).files)
    const tree = { name: VENDOR, version, sha256: await vendor(job, replaced) }
    return { files: [...(await Promise.all(own)), ...replaced, tree], version }
  },
}

/** The two files that decide what vendor/ holds have to be those that were pinned. */
async function checkModule({ root, pkg }: Job<Go>, locked: readonly LockedFile[]): Promise<void> {
  for (const { name, sha256: expected } of locked) {
    if (!MODULE.includes(name)) continue
    const file = join(pkg.folder, name)
    if (existsSync(join(root, file)) && (await sha256(join(root, file))) === expected) continue
    throw new Problem({
      where: file,
      what: 'it was changed since it was pinned',
      fix: `to pin it as it is: ./b2p pin ${pkg.name}`,
    })
  }
}

/** What stands in for modules that go.mod replaces: the folder, and the job of having its source. */
function replacements(job: Job<Go>) {
  return Object.entries(job.source.replace ?? {}).map(([folder, source]) => ({
    folder,
    part: { ...job, source },
  }))
}

/** Stores vendor/ as a tarball; `locked` holds the replacements' tarballs, `expected` the pin when there is one. */
async function vendor(job: Job<Go>, locked: readonly LockedFile[], expected?: LockedFile): Promise<string> {
  const { root, pkg, say, signal } = job
  const goroot = await goRoot(job)
  await using part = await temporaryFolder()
  const [module, tree] = [join(part.path, 'module'), join(part.path, 'tree')]
  await copyOwn(join(root, pkg.folder), module)
  for (const { folder, part: replacement } of replacements(job)) {
    const files = locked.filter((file) => file.package === replacement.source.debsrc)
    await debsrc.fetch(replacement, files)
    await debsrc.unpack(replacement, files, join(module, folder))
  }
  await mkdir(join(tree, 'vendor'), { recursive: true })
  const options = {
    cwd: module,
    env: {
      GOROOT: goroot,
      GOTOOLCHAIN: 'local',
      GOWORK: 'off',
      GOCACHE: cacheFolder('go', 'build'),
      GOMODCACHE: cacheFolder('go', 'modules'),
    },
    ...(signal && { signal }),
  }
  const command = join(goroot, 'bin', 'go')
  const flags = (await run(command, ['env', 'GOFLAGS'], options)).trim()
  say(`fetch the modules of ${job.source.go}`)
  await run(command, ['mod', 'vendor', '-o', join(tree, 'vendor')], {
    ...options,
    // Without this flag the cache holds folders that rm may not empty.
    env: { ...options.env, GOFLAGS: `${flags} -modcacherw`.trim() },
    onLine: (line) => {
      const what = /^go: downloading (.*)$/.exec(line)?.[1]
      if (what) say(`fetch ${what}`)
    },
  })
  const tarball = join(part.path, VENDOR)
  await pack(tree, tarball)
  return await store(tarball, pkg.folder, expected)
}

async function goRoot(job: Job<Go>): Promise<string> {
  const [files = ''] = await toolchain('go', job)
  const [command] = globSync('usr/lib/go-*/bin/go', { cwd: files })
  if (command) return dirname(dirname(join(files, command)))
  throw new Problem({ where: 'packages/go', what: 'it holds no usr/lib/go-*/bin/go' })
}

/** Copies a recipe's go.mod and go.sum, its Go files, and the descriptions of interfaces that some are generated from. */
async function copyOwn(recipe: string, folder: string): Promise<void> {
  for (const name of globSync(['go.mod', 'go.sum', '**/*.{go,varlink}'], { cwd: recipe })) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await cp(join(recipe, name), join(folder, name))
  }
}

/** The version, without its v, in which go.mod asks for the module that the package is named for. */
async function required({ root, pkg, source }: Job<Go>): Promise<string> {
  const file = join(pkg.folder, 'go.mod')
  const text = await readFile(join(root, file), 'utf8')
  const version = parseRequired(text, source.go)
  if (version !== undefined) return version
  throw new Problem({
    where: file,
    what: `it does not ask for ${source.go}`,
    fix: `in ${pkg.folder}: go get -tool ${source.go}/COMMAND@VERSION`,
  })
}

/** Of `require` lines; a module that go.mod is itself has the version of its recipe. */
export function parseRequired(text: string, module: string): string | undefined {
  for (const line of text.split('\n')) {
    const [first, second, third] = line.trim().split(/\s+/)
    const [name, version] = first === 'require' ? [second, third] : [first, second]
    if (name === module && version?.startsWith('v')) return version.slice(1).replace(/\+incompatible$/, '')
  }
  return undefined
}
