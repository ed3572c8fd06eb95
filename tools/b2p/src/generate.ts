import type { NewPackage } from '@boot2podman/nx-tcz/generator'

/** Writes a package's folder by our Nx generator, in this process. */
export async function generate(wanted: NewPackage): Promise<void> {
  const [{ FsTree, flushChanges }, { default: generator }] = await Promise.all([
    import('nx/src/generators/tree.js'),
    import('@boot2podman/nx-tcz/generator'),
  ])
  const tree = new FsTree(process.cwd(), false)
  await generator(tree, wanted)
  flushChanges(process.cwd(), tree.listChanges())
}
