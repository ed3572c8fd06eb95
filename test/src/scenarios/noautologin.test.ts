import { expect, test } from 'vitest'
import { withBootCodes } from '../boot-codes.ts'
import { switchOn } from '../machines.ts'

test('with the boot code noautologin the console asks who it is, and no password is right', async () => {
  await using machine = await switchOn({ direct: await withBootCodes('noautologin') })
  const { console } = machine
  for (const user of ['tc', 'root']) {
    await console.waitFor(/login: $/, 120)
    console.type(`${user}\n`)
    await console.waitFor(/Password: $/, 30)
    const from = console.text.length
    console.type('\n')
    await console.waitFor(/Login incorrect/, 30, from)
  }
  expect(console.text).not.toContain('tc@box')
})
