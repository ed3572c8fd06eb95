import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { dataDisk } from '../data-disk.ts'
import { boot } from '../machines.ts'
import { mirror } from '../mirror.ts'
import { said } from '../said.ts'
import { online } from './online.ts'

const NAMES = ['first', 'second']

test('tce-update: all or none, whatever is missing, and whenever the power goes', async () => {
  await using server = await mirror()
  const publish = async (age: string, need: string[] = []) => {
    for (const name of NAMES) {
      await server.add(
        name,
        {
          [`usr/local/bin/${name}`]: `#!/bin/sh\necho ${age} ${name}\n`,
          [`usr/local/share/${name}`]: randomBytes(age === 'newer' && name === 'second' ? 40_000_000 : 10),
        },
        name === 'second' ? need : [],
      )
    }
    await server.publish()
  }
  const answers = (age: string) => NAMES.map((name) => `${age} ${name}\n`).join('')
  await publish('old')
  await using data = await dataDisk(300)
  const start = async () => {
    const machine = await boot({ disks: [data.disk] })
    await online(machine)
    await machine.run(`echo http://10.0.2.2:${server.port} | sudo tee /opt/tcemirror`)
    return machine
  }
  {
    await using machine = await start()
    expect(await said(machine, 'tce-load -wis first second >/dev/null 2>&1')).toBe('code 0\n')
    expect(await said(machine, 'echo y | tce-update')).toBe('All extensions are up to date.\ncode 0\n')

    // What the second newly needs nobody has: so the first is not taken either.
    await publish('new', ['absent'])
    expect(await said(machine, 'echo y | tce-update')).toMatch(
      /^absent\.tcz not found!\nsecond\.tcz: was not updated, nor was any other\n.*\ncode 1\n$/m,
    )
    expect(await machine.run('ls /mnt/vda/tce/optional/upgrade 2>&1 || tce-update list')).toMatch(
      /No such file or directory\nfirst\.tcz\nsecond\.tcz\n$/,
    )
    expect(
      await machine.run(
        'echo first >/mnt/vda/tce/tcz-black.lst; tce-update list; rm /mnt/vda/tce/tcz-black.lst',
      ),
    ).toBe('second.tcz\n')
    expect(await said(machine, 'tce-update update nothing')).toMatch(
      /^nothing\.tcz not found!\n[\s\S]*code 1\n$/,
    )

    await publish('newer')
    await machine.run('{ echo y | tce-update; } >/tmp/said 2>&1 &')
    await machine.run('until [ -s /mnt/vda/tce/optional/.upgrade/second.tcz.part ]; do sleep 0.1; done', {
      timeout: 60,
    })
    await machine.kill()
  }
  {
    await using machine = await start()
    expect(
      await machine.run('first; second; cat /run/boot2podman/problems; tce-audit md5check; tce-update list'),
    ).toBe(`${answers('old')}OK: all checksums are correct\nfirst.tcz\nsecond.tcz\n`)
    expect(await said(machine, 'echo y | tce-update')).toMatch(
      /\nThey are used from the next boot on\.\ncode 0\n$/,
    )
    await machine.kill()
  }
  {
    await using machine = await start()
    expect(
      await machine.run('first; second; cat /run/boot2podman/problems; tce-audit md5check; tce-update list'),
    ).toBe(`${answers('newer')}OK: all checksums are correct\n`)
    expect(await machine.run('ls -A /mnt/vda/tce/optional | grep -e upgrade -e part || true')).toBe('')
  }
})
