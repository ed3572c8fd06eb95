import { test } from 'vitest'
import { boot } from '../machines.ts'

test('a scenario that must fail', async () => {
  await using machine = await boot()
  await machine.run('echo seen; exit 3')
})
