import { expect, test } from 'vitest'
import { viewRoot } from './root-view.ts'
import type { Entry } from './tree.ts'

const file = (path: string): Entry => ({ path, type: 'file', mode: 0o755 })
const folder = (path: string): Entry => ({ path, type: 'folder', mode: 0o755 })
const link = (path: string, target: string): Entry => ({ path, type: 'link', mode: 0o777, target })

const view = viewRoot(
  new Map([
    ['own', [folder('usr'), folder('usr/bin'), file('usr/bin/both'), link('usr/bin/sh', 'busybox')]],
    ['other', [folder('usr'), folder('usr/bin'), file('usr/bin/both'), file('usr/bin/busybox')]],
    ['links', [link('opt', 'usr'), link('usr/bin/round', 'round'), link('usr/bin/up', '../../../../etc')]],
  ]),
)

test.each([
  ['/usr/bin/both', 'own', 'usr/bin/both'],
  ['/bin/sh', 'other', 'usr/bin/busybox'],
  ['/opt/bin/busybox', 'other', 'usr/bin/busybox'],
])('%s is in %s: %s', (path, owner, real) => {
  expect(view.find(path)).toMatchObject({ owner, path: real })
})

test.each(['/usr/bin/none', '/usr/bin/round', '/usr/bin/up', '/usr/bin/both/below'])(
  '%s leads to nothing',
  (path) => {
    expect(view.find(path)).toBeUndefined()
  },
)
