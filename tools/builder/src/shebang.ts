import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry } from './tree.ts'

/** The first line of each program that begins with `#!`, by its path. */
export async function readScripts(folder: string, entries: readonly Entry[]): Promise<Map<string, string>> {
  const scripts = new Map<string, string>()
  for (const { path, type, mode } of entries) {
    if (type !== 'file' || (mode & 0o500) !== 0o500) continue
    const line = await firstLine(join(folder, path))
    if (line.startsWith('#!')) scripts.set(path, line)
  }
  return scripts
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256)
    return buffer.subarray(0, bytesRead).toString('latin1').split('\n')[0] ?? ''
  } finally {
    await handle.close()
  }
}
