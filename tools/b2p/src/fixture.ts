import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

/** A folder in which `build` runs, as in a clone; its projects are made of shell commands. */
export interface Clone extends AsyncDisposable {
  root: string
  write(file: string, text: string): Promise<void>
  /** An Nx project with steps that are shell commands. What it is made from is one file. */
  project(name: string, steps: Record<string, string>, needs?: string[]): Promise<void>
  /** What `./b2p tcz NAME` does after it has read the recipes. */
  build(name: string, env?: Record<string, string>): ReturnType<typeof start>
}

let second = Math.floor(Date.now() / 1000)

export async function clone(): Promise<Clone> {
  const root = await mkdtemp(join(tmpdir(), 'b2p-'))
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
    // Nx takes a file for unchanged when its time is, in whole seconds: these changes come faster than that.
    await utimes(join(root, file), ++second, second)
  }
  const src = import.meta.dirname
  await write('nx.json', '{ "analytics": false, "neverConnectToCloud": true, "cacheDirectory": ".nx/cache" }')
  await write('package.json', '{ "private": true, "type": "module" }')
  await write(
    'main.ts',
    `import { guard } from '${join(src, '../../kit/src/index.ts')}'
import { build } from '${join(src, 'build.ts')}'
await guard(() => build(process.argv[2] ?? '', 'tcz'))`,
  )
  await symlink(join(src, '../../../node_modules'), join(root, 'node_modules'))
  return {
    root,
    write,
    async project(name, steps, needs = []) {
      const targets = Object.entries(steps).map(([step, command], index, all) => {
        const before = all[index - 1]?.[0]
        const dependsOn = [
          ...(before ? [before] : []),
          ...(needs.length > 0 ? [{ projects: needs, target: 'tcz' }] : []),
        ]
        const inputs = ['{projectRoot}/source', { externalDependencies: [] }]
        return [
          step,
          { command, cache: true, inputs, outputs: [`{workspaceRoot}/dist/tcz/${name}.tcz`], dependsOn },
        ]
      })
      await write(
        `packages/${name}/project.json`,
        JSON.stringify({ name, targets: Object.fromEntries(targets) }),
      )
      await write(`packages/${name}/source`, name)
    },
    build: (name, env = {}) => start(root, name, env),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  }
}

function start(root: string, name: string, env: Record<string, string>) {
  return execa(process.execPath, [join(root, 'main.ts'), name], { cwd: root, env, reject: false, all: true })
}
