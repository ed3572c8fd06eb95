import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Problem } from '@boot2podman/kit'
import type { Repository } from '@boot2podman/tcz'

/** An image that can be built: `iso/NAME.json`, as far as the graph needs it. */
export interface Flavour {
  name: string
  /** Relative to the repository's root. */
  file: string
  /** The packages that are extensions on it. */
  extensions: string[]
  /** All that it takes files from: extensions, kernel, initramfs, boot loader. */
  packages: string[]
}

/**
 * Reads `iso/NAME.json`. What is no JSON, or names what is no package, is a Problem; whether it is all there and in its
 * form is the image tool's to say, when it is built.
 */
export function readFlavour(root: string, file: string, packages: Repository): Flavour {
  const text = readFileSync(join(root, file), 'utf8')
  const { extensions, kernel, initramfs, bootloader } = Object(parse(text, file))
  const all = names([extensions, kernel, initramfs, bootloader])
  const [first, ...rest] = all
    .filter((name) => !packages.has(name))
    .map((name) => ({ where: `${file}:${lineOf(name, text)}`, what: `there is no package "${name}"` }))
  if (first) throw new Problem(first, ...rest)
  return { name: basename(file, '.json'), file, extensions: names([extensions]), packages: all }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem({ where: file, what: `is not JSON: ${(error as Error).message}` })
  }
}

function names(values: unknown[]): string[] {
  return values.flat().filter((value) => typeof value === 'string')
}

function lineOf(name: string, text: string): number {
  return text.split('\n').findIndex((line) => line.includes(JSON.stringify(name))) + 1
}
