import { haveKey } from '@boot2podman/repository'
import { build } from '../build.ts'
import { type Command, oneName } from '../command.ts'
import { DEFAULT, findImage } from '../image.ts'
import { measureImage } from '../sizes.ts'

export const iso: Command = {
  usage: 'iso [NAME]',
  does: 'Build an image: dist/iso/NAME.iso, of all packages that iso/NAME.json names',
  more: `NAME is ${DEFAULT} when left out; ${DEFAULT}-kubernetes may be called kubernetes. What did not change comes from the
cache.`,
  examples: ['./b2p iso'],
  async run(words) {
    await buildIso(findImage('.', oneName(iso, words, DEFAULT)))
  },
}

/** Builds an image. Returns its file. */
export async function buildIso(name: string): Promise<string> {
  // Its public half is in the image, and so it decides whether one in the cache is the one asked for.
  await haveKey()
  await build(name, 'iso')
  // For ./b2p size, which compares with the build before.
  await measureImage(name)
  return `dist/iso/${name}.iso`
}
