import { createHash } from 'node:crypto'
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { cacheFolder, writeAtomic } from '@boot2podman/kit'

// What scenarios are made of beside the image: their own files, and the tools that they import or start.
const TESTS = ['test/*.{ts,json}', 'test/src/**', 'tools/{kit,qemu,podman-machine,tcz}/{src/**,package.json}']
const OTHERS = ['test/src/{scenarios,bench,must-fail}/**', 'tools/**/*.test.ts', '**/__snapshots__/**']

/** An image and the tests that are run on it, each by the hash of all that it is made of. */
export interface Tested {
  image: string
  tests: string
}

/** Of an image that was built, and the scenarios as they stand here: all but those of the default image. */
export async function tested(name: string): Promise<Tested> {
  const hash = createHash('sha256')
  for (const file of globSync(TESTS, { exclude: OTHERS }).sort()) {
    if (!statSync(file).isFile()) continue
    const text = readFileSync(file)
    hash.update(`${file} ${text.length}\n`).update(text)
  }
  const image = (await readFile(`dist/iso/${name}.iso.sha256`, 'utf8')).slice(0, 64)
  return { image, tests: hash.digest('hex') }
}

/** When these tests passed with this image, by any clone of this machine; undefined: not yet. */
export function whenPassed(what: Tested): Date | undefined {
  const file = noteOf(what)
  return existsSync(file) ? new Date(readFileSync(file, 'utf8').trim()) : undefined
}

/** Whether any have passed on this machine, with whatever they were. */
export function haveEverPassed(): boolean {
  return existsSync(cacheFolder('passed')) && readdirSync(cacheFolder('passed')).length > 0
}

export async function notePassed(what: Tested): Promise<void> {
  await writeAtomic(noteOf(what), `${new Date().toISOString()}\n`)
}

function noteOf({ image, tests }: Tested): string {
  return cacheFolder('passed', `${image}-${tests}`)
}
