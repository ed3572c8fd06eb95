import { expect, test } from 'vitest'
import { formatSources } from './apt.ts'
import { parseTargets } from './mirror.ts'

const TARGETS = `Debian|Debian|bookworm|http://mirror.test/debian
Debian|Debian|bookworm-updates|http://mirror.test/debian
Debian|Debian Backports|bookworm-backports|http://mirror.test/debian
Debian|Debian-Security|bookworm-security|http://security.test/debian-security
Docker|Docker CE|bookworm|http://docker.test/linux/debian
`

test("Debian's mirrors are found among the others that apt knows", () => {
  expect(parseTargets(TARGETS)).toEqual([
    { uri: 'http://mirror.test/debian', parts: ['', '-updates'] },
    { uri: 'http://security.test/debian-security', parts: ['-security'] },
  ])
})

test('a machine of another distribution has none', () => {
  expect(parseTargets('Ubuntu|Ubuntu|noble|http://mirror.test/ubuntu\n')).toEqual([])
})

test('trixie is read with its updates, forky is not', () => {
  const suites = (suite: 'trixie' | 'forky') =>
    formatSources(suite, parseTargets(TARGETS)).match(/(?<=^Suites: ).*/gm)
  expect(suites('trixie')).toEqual(['trixie', 'trixie-updates', 'trixie-security'])
  expect(suites('forky')).toEqual(['forky'])
})
