import { guard } from '@boot2podman/kit'
import { readRepository } from '@boot2podman/tcz'
import { formatSigners, writeRepository } from './index.ts'

const USAGE = `Usage: node tools/repository/src/cli.ts index|signers

Run in the repository's root.

  index     writes the indexes of dist/tcz, and signs them
  signers   shows the file by which a machine knows the key: /usr/local/share/boot2podman/repository-signers`

await guard(async () => {
  const [verb = '', ...more] = process.argv.slice(2)
  if (more.length === 0 && verb === 'index') {
    const names = await writeRepository(process.cwd(), readRepository('.'), new Date())
    console.log(`dist/tcz: ${names.length} extensions`)
  } else if (more.length === 0 && verb === 'signers') {
    process.stdout.write(await formatSigners())
  } else {
    console.log(USAGE)
    process.exitCode = verb === 'help' || verb === '--help' ? 0 : 2
  }
})
