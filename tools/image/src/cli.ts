import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { guard } from '@boot2podman/kit'
import { readRepository } from '@boot2podman/tcz'
import { makeIso } from './iso.ts'

const USAGE = `Usage: node tools/image/src/cli.ts iso NAME [PACKAGE]

Run in the repository's root. Makes dist/iso/NAME.iso of the packages that iso/NAME.json names; they are built already.
With a PACKAGE that is loaded beside them it is dist/try/PACKAGE.iso.`

const stop = new AbortController()
// Listeners stay: execa ends this process at once when it finds itself the only one that listens.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())

await guard(async () => {
  const [verb = '', name = '', extra, ...more] = process.argv.slice(2)
  if (verb !== 'iso' || name === '' || more.length > 0) {
    console.log(USAGE)
    process.exitCode = verb === 'help' || verb === '--help' ? 0 : 2
    return
  }
  const root = process.cwd()
  try {
    const file = await makeIso(root, name, readRepository(root), stop.signal, extra ? [extra] : [])
    const { size } = await stat(file)
    console.log(`${basename(file)}: ${(size / 1e6).toFixed(1)} MB`)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.error(`${name}: stopped; nothing was left behind`)
    process.exitCode = 130
  }
})
