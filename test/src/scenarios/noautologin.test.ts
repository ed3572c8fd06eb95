import { expect, test } from 'vitest'
import { withBootCodes } from '../boot-codes.ts'
import { switchOn } from '../machines.ts'

test('with the boot code noautologin the console asks who it is, and no password is right', async () => {
  await using machine = await switchOn({ direct: withBootCodes('noautologin') })
  const { console } = machine
  await console.waitFor(/\w login: $/, 240)
  for (const user of ['tc', 'root']) {
    console.type(`${user}\n`)
    await console.waitFor(/Password: $/, 60)
    const from = console.text.length
    console.type(`${user}\n`)
    // It asks again.
    await console.waitFor(/\w login: $/, 60, from)
  }
  expect(console.text).not.toMatch(/@box/)
})
