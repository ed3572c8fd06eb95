import { existsSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { Problem } from '@boot2podman/kit'
import { haveKey } from '@boot2podman/repository'
import { build } from '../build.ts'
import { type Command, oneName } from '../command.ts'
import { measureImage } from '../sizes.ts'

/** The image that is meant when none is named. */
export const DEFAULT = 'boot2podman'

export const iso: Command = {
  usage: 'iso [NAME]',
  does: 'Build an image: dist/iso/NAME.iso, of all packages that iso/NAME.json names',
  more: `NAME is ${DEFAULT} when left out. What did not change comes from the cache.`,
  examples: ['./b2p iso'],
  async run(words) {
    await buildIso(oneName(iso, words, DEFAULT))
  },
}

/** Builds an image. Returns its file. */
export async function buildIso(name: string): Promise<string> {
  if (!existsSync(`iso/${name}.json`)) {
    const known = existsSync('iso') ? readdirSync('iso').map((file) => basename(file, '.json')) : []
    throw new Problem({
      where: 'iso',
      what: `there is no image "${name}"`,
      fix: known.length > 0 ? `known: ${known.join(', ')}` : `make one: iso/${name}.json`,
    })
  }
  // Its public half is in the image, and so it decides whether one in the cache is the one asked for.
  await haveKey()
  await build(name, 'iso')
  // For ./b2p size, which compares with the build before.
  await measureImage(name)
  return `dist/iso/${name}.iso`
}
