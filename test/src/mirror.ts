import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '@boot2podman/kit'
import { formatIndex, type Index, sign } from '@boot2podman/repository'
import { serveFolder, type WebServer } from './web-server.ts'

/** By its path in the extension. One that begins with #! may be executed. */
export type Files = Record<string, string | Buffer>

export interface Mirror extends WebServer {
  /** Where its files lie. */
  folder: string
  /** The same as the server has it: `/0.1.x/x86_64/tcz`. */
  path: string
  /** Makes NAME.tcz of these files, which needs others. */
  add(name: string, files: Files, deps?: string[]): Promise<void>
  /** Writes the index of what lies there now, and signs it with the key that the image trusts. Returns its version. */
  publish(index?: Partial<Index>): Promise<number>
}

/** A repository on the host's loopback (10.0.2.2 in the machine), with small extensions of the test's own. */
export async function mirror(): Promise<Mirror> {
  const root = await mkdtemp(join(tmpdir(), 'b2p-mirror-'))
  const path = '/0.1.x/x86_64/tcz'
  const folder = join(root, path)
  await mkdir(folder, { recursive: true })
  const server = await serveFolder(root)
  return {
    ...server,
    folder,
    path,
    add: (name, files, deps = []) => addExtension(folder, name, files, deps),
    publish: (index = {}) => publish(folder, index),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(root, { recursive: true })
    },
  }
}

async function addExtension(folder: string, name: string, files: Files, deps: string[]): Promise<void> {
  const tree = await mkdtemp(join(tmpdir(), 'b2p-extension-'))
  await chmod(tree, 0o755)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true })
    const mode = content.toString().slice(0, 2) === '#!' ? 0o755 : 0o644
    await writeFile(join(tree, path), content, { mode })
  }
  const file = join(folder, `${name}.tcz`)
  await rm(file, { force: true })
  await run('mksquashfs', [tree, file, '-all-root', '-no-xattrs', '-no-progress', '-quiet'])
  await writeFile(`${file}.dep`, deps.map((dep) => `${dep}.tcz\n`).join(''))
  await rm(tree, { recursive: true })
}

const INDEXED = /(?:\.tcz|\.tcz\.dep|\.(?:db|lst)(?:\.gz)?|^sizelist(?:\.gz)?)$/
let last = 0

async function publish(folder: string, index: Partial<Index>): Promise<number> {
  const names = (await readdir(folder)).filter((name) => INDEXED.test(name))
  const files = await Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(folder, name))
      return { name, sha256: createHash('sha256').update(content).digest('hex'), size: content.length }
    }),
  )
  last = Math.max(Math.floor(Date.now() / 1000), last + 1)
  const whole = { version: last, expires: new Date(Date.now() + 86_400_000), files, ...index }
  const text = formatIndex(whole)
  await writeFile(join(folder, 'index'), text)
  await writeFile(join(folder, 'index.sig'), await sign(text))
  return whole.version
}
