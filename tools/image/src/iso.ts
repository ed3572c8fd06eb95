import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, lutimes, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Problem, run, type Trouble, writeAtomic } from '@boot2podman/kit'
import { openLayer, workFolder } from '@boot2podman/sandbox'
import { closure, type Repository } from '@boot2podman/tcz'
import { type Flavour, readFlavour } from './flavour.ts'
import { IMAGE_INFO, makeImageInfo } from './image-info.ts'
import { makeInitramfs } from './initramfs.ts'
import { formatIsolinux } from './isolinux.ts'
import { formatOnboot } from './onboot.ts'

/** Every file's time, in seconds: 2026-01-01. It only never moves. */
const EPOCH = 1767225600

const SIDE_FILES = ['.tcz', '.tcz.dep', '.tcz.md5.txt']

/**
 * Makes `dist/iso/NAME.iso` and its `.sha256` from packages that are built already, in Tiny Core's layout for media:
 * /boot and /cde. The same packages give the same bytes. Returns the file, relative to the root.
 * With `more`, packages to load beside those of the image, it is `dist/try/PACKAGE.iso`, named by the last one.
 */
export async function makeIso(
  root: string,
  name: string,
  repository: Repository,
  signal: AbortSignal,
  more: readonly string[] = [],
): Promise<string> {
  const flavour = withMore(readFlavour(root, name, repository), more)
  const needs = (one: string) => repository.get(one)?.deps ?? []
  const loaded = closure(flavour.extensions, needs)
  const first = closure([flavour.initramfs], needs)
  throwIfMissing(root, [...loaded, ...first, flavour.kernel, flavour.bootloader])

  await using work = await workFolder()
  const tree = join(work.path, 'tree')
  const open = (one: string) => openLayer(join(root, tczFile(one)), signal)
  await mkdir(join(tree, 'cde/optional'), { recursive: true })
  await mkdir(join(tree, 'boot/isolinux'), { recursive: true })

  await copyFile(join(await open(flavour.kernel), 'boot/vmlinuz'), join(tree, 'boot/vmlinuz64'))
  await writeFile(join(tree, 'boot/core.gz'), await makeInitramfs(await Promise.all(first.map(open)), EPOCH))
  const isolinux = await open(flavour.bootloader)
  for (const file of ['ISOLINUX/isolinux.bin', 'syslinux/modules/bios/ldlinux.c32']) {
    await copyFile(join(isolinux, 'usr/lib', file), join(tree, 'boot/isolinux', file.replace(/.*\//, '')))
  }
  await writeFile(join(tree, 'boot/isolinux/isolinux.cfg'), formatIsolinux(flavour))

  await writeFile(join(tree, 'cde/onboot.lst'), formatOnboot([...flavour.extensions, IMAGE_INFO]))
  for (const one of loaded) await copyExtension(root, one, join(tree, 'cde/optional'))
  const names = [...new Set([...loaded, ...first, flavour.kernel, flavour.bootloader])]
  const about = { root, repository, name, names, signal }
  const info = join(tree, 'cde/optional', `${IMAGE_INFO}.tcz`)
  const bom = await makeImageInfo(about, join(work.path, 'info'), info, EPOCH)
  await fixTimes(tree)

  const image = join(work.path, 'image.iso')
  await runXorriso(flavour, tree, join(isolinux, 'usr/lib/ISOLINUX/isohdpfx.bin'), image, signal)
  const last = more.at(-1)
  if (last !== undefined) return await publish(root, `dist/try/${last}.iso`, image)
  await writeAtomic(join(root, 'dist/iso', `${name}.cdx.json`), bom)
  return await publish(root, `dist/iso/${name}.iso`, image)
}

function withMore(flavour: Flavour, more: readonly string[]): Flavour {
  return { ...flavour, extensions: [...new Set([...flavour.extensions, ...more])] }
}

function tczFile(name: string): string {
  return join('dist/tcz', `${name}.tcz`)
}

function throwIfMissing(root: string, names: string[]): void {
  const [first, ...rest] = [...new Set(names)]
    .filter((name) => !existsSync(join(root, tczFile(name))))
    .map(
      (name): Trouble => ({
        where: tczFile(name),
        what: 'is not there yet',
        fix: `to build it: ./b2p tcz ${name}`,
      }),
    )
  if (first) throw new Problem(first, ...rest)
}

async function copyExtension(root: string, name: string, folder: string): Promise<void> {
  for (const suffix of SIDE_FILES) {
    const file = join(root, 'dist/tcz', name + suffix)
    // Tiny Core knows no empty .dep file: there is none.
    if (existsSync(file)) await copyFile(file, join(folder, name + suffix))
  }
}

/** Deepest first: what is put into a folder changes its time. */
async function fixTimes(tree: string): Promise<void> {
  const entries = await readdir(tree, { recursive: true })
  for (const path of ['', ...entries].sort().reverse()) await lutimes(join(tree, path), EPOCH, EPOCH)
}

async function runXorriso(
  { label }: Flavour,
  tree: string,
  diskStart: string,
  image: string,
  signal: AbortSignal,
): Promise<void> {
  const args = [
    // Left alone, the preparer is xorriso with its version, and another Debian makes another image.
    ['-as', 'mkisofs', '-quiet', '-o', image, '-V', label, '-p', 'boot2podman', '-r'],
    // As a CD: isolinux, loaded by the firmware without imitating a floppy.
    ['-b', 'boot/isolinux/isolinux.bin', '-c', 'boot/isolinux/boot.cat'],
    ['-no-emul-boot', '-boot-load-size', '4', '-boot-info-table'],
    // Written to a USB stick: the same isolinux, found by a master boot record. Such an image has whole MB, so it needs none of
    // the padding by which drives read to the end of a CD.
    ['-isohybrid-mbr', diskStart, '-no-pad'],
    [tree],
  ].flat()
  await run('xorriso', args, { env: { SOURCE_DATE_EPOCH: String(EPOCH) }, signal })
}

async function publish(root: string, file: string, image: string): Promise<string> {
  const part = join(root, dirname(file), `.${basename(file)}.part`)
  const hash = createHash('sha256')
    .update(await readFile(image))
    .digest('hex')
  await mkdir(dirname(part), { recursive: true })
  try {
    await copyFile(image, part)
    await rename(part, join(root, file))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await writeAtomic(join(root, `${file}.sha256`), `${hash}  ${basename(file)}\n`)
  return file
}
