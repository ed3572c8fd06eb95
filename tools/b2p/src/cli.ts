import { guard, Problem } from '@boot2podman/kit'
import { commands } from './commands.ts'
import { help } from './help.ts'
import { formatLeftOut } from './unpinned.ts'

await guard(async () => {
  const [verb = 'help', ...words] = process.argv.slice(2)
  if (['help', '-h', '--help'].includes(verb)) {
    console.log(help(commands, words))
    const note = words.length === 0 ? formatLeftOut('.') : undefined
    if (note !== undefined) console.log(`\n${note}`)
    return
  }
  const command = commands.get(verb)
  if (!command) {
    throw new Problem({ where: 'b2p', what: `there is no verb "${verb}"`, fix: './b2p help lists them' })
  }
  if (!command.raw && (words.includes('--help') || words.includes('-h'))) {
    console.log(help(commands, [verb]))
    return
  }
  await command.run(words)
})
