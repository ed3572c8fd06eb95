import { expect, test } from 'vitest'
import { pageCommands } from './page.ts'

test('commands of the host and of the machine, each with what it shows', () => {
  const page = `# A page

Type \`./b2p\`:

    $ ./b2p new hello
      packages/hello/tcz.json

and

    $ ./b2p try hello
    tc@box:~$ hello
    Hello.
    tc@box:~$ sudo poweroff
`
  expect(pageCommands(page)).toEqual([
    { command: './b2p new hello', shows: ['  packages/hello/tcz.json'], inside: [] },
    {
      command: './b2p try hello',
      shows: [],
      inside: [
        { command: 'hello', shows: ['Hello.'] },
        { command: 'sudo poweroff', shows: [] },
      ],
    },
  ])
})
