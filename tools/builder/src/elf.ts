import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@boot2podman/kit'
import { asRoot } from '@boot2podman/sandbox'
import type { Entry } from './tree.ts'

/** What is in an ELF file's headers. */
export interface Elf {
  path: string
  /** EXEC: bound to an address. DYN: a library, or a program that runs anywhere. REL: an object or a kernel module. */
  type: string
  /** The dynamic linker that a program asks for. */
  interpreter?: string
  /** Libraries, as DT_NEEDED names them. */
  needed: string[]
  /** Folders to look for them in: RPATH and RUNPATH. */
  runPath: string[]
  /** Has a segment that is read-only once it is relocated. */
  relro: boolean
  /** Has a segment that is loaded writable. */
  writable: boolean
  /** Go's linker wrote it. */
  go: boolean
  /** Flags of the stack, such as RW; undefined when the file does not say. */
  stack?: string
}

/** Reads the headers of all ELF files of a tree. */
export async function readElfs(folder: string, entries: readonly Entry[]): Promise<Elf[]> {
  const paths: string[] = []
  for (const { path, type, mode } of entries) {
    // As an ordinary user an own file without the right to read it: no ELF file is installed so.
    if (type === 'file' && mode & 0o400 && (await isElf(join(folder, path)))) paths.push(path)
  }
  const elfs: Elf[] = []
  // Many files a call; a command line has an end.
  for (let index = 0; index < paths.length; index += 500) {
    elfs.push(...(await readSome(folder, paths.slice(index, index + 500))))
  }
  return elfs
}

async function readSome(folder: string, paths: string[]): Promise<Elf[]> {
  const args = ['--wide', '--file-header', '--program-headers', '--dynamic', '--', ...paths]
  // It names the files only when there are two.
  if (paths.length === 1) args.push(...paths)
  const text = await run(...asRoot('readelf', args), { cwd: folder, env: { LC_ALL: 'C' } })
  return text
    .split(/^File: /m)
    .slice(1, paths.length + 1)
    .map(parseElf)
}

/** Reads one file's part of what `readelf --wide --file-header --program-headers --dynamic` prints. */
export function parseElf(text: string): Elf {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, value = '']) => value)
  const [interpreter] = all(/\[Requesting program interpreter: (.*)\]/g)
  const [stack] = all(/^ +GNU_STACK +(?:0x\S+ +){5}(.*?) +0x/gm)
  return {
    path: text.slice(0, text.indexOf('\n')),
    type: all(/^ +Type: +(\w+)/gm)[0] ?? '',
    ...(interpreter !== undefined && { interpreter }),
    needed: all(/\(NEEDED\) +Shared library: \[(.*)\]/g),
    runPath: all(/\((?:RPATH|RUNPATH)\) +Library r(?:un)?path: \[(.*)\]/g).flatMap((path) => path.split(':')),
    relro: /^ +GNU_RELRO /m.test(text),
    go: /^ +\d+ .*\.note\.go\.buildid\b/m.test(text),
    writable: /^ +LOAD .* RWE? +0x/m.test(text),
    ...(stack !== undefined && { stack: stack.replaceAll(' ', '') }),
  }
}

/** Of the machine's own kind, 64 bits: a boot loader's modules are 32-bit ELF files that Linux never loads. */
async function isElf(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer } = await handle.read(Buffer.alloc(5), 0, 5)
    return buffer.toString('latin1') === '\x7fELF\x02'
  } finally {
    await handle.close()
  }
}
