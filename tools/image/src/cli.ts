import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { guard } from '@boot2podman/kit'
import { findPackage, readRepository } from '@boot2podman/tcz'
import { makeIso } from './iso.ts'
import { makeOci } from './oci.ts'

const USAGE = `Usage: node tools/image/src/cli.ts iso NAME [PACKAGE]
       node tools/image/src/cli.ts oci PACKAGE

Run in the repository's root; the packages are built already.

  iso   makes dist/iso/NAME.iso of the packages that iso/NAME.json names; with a PACKAGE that is loaded beside them
        dist/try/PACKAGE.iso
  oci   makes dist/oci/PACKAGE.tar, an oci-archive of a package and what it needs`

const stop = new AbortController()
// Listeners stay: execa ends this process at once when it finds itself the only one that listens.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())

await guard(async () => {
  const [verb = '', name = '', extra, ...more] = process.argv.slice(2)
  const isOci = verb === 'oci'
  if ((verb !== 'iso' && !isOci) || name === '' || (isOci && extra !== undefined) || more.length > 0) {
    console.log(USAGE)
    process.exitCode = verb === 'help' || verb === '--help' ? 0 : 2
    return
  }
  const root = process.cwd()
  try {
    const repository = readRepository(root)
    const file = isOci
      ? await makeOci(root, findPackage(repository, name), repository, stop.signal)
      : await makeIso(root, name, repository, stop.signal, extra ? [extra] : [])
    const { size } = await stat(file)
    console.log(`${basename(file)}: ${(size / 1e6).toFixed(1)} MB`)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.error(`${name}: stopped; nothing was left behind`)
    process.exitCode = 130
  }
})
