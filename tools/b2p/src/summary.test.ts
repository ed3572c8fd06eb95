import { expect, test } from 'vitest'
import type { TaskEnd } from './progress.ts'
import { summarize } from './summary.ts'

const end = (id: string, status: TaskEnd['status'], seconds = 0): TaskEnd => {
  const [project = '', target = ''] = id.split(':')
  return { project, target, status, seconds }
}

test('package, size, time, and whether it was built or came from the cache; the image last', () => {
  const ends = [
    end('zlib:build', 'cache'),
    end('zlib:tcz', 'cache'),
    end('podman:build', 'cache'),
    end('podman:tcz', 'made', 12),
    end('podman:check', 'made', 2),
    end('conmon:build', 'made', 3.25),
    end('conmon:tcz', 'made', 0.5),
    end('boot2podman:iso', 'made', 71),
  ]
  const sizes: Record<string, number> = { zlib: 50_000, podman: 16e6, conmon: 90_000, boot2podman: 44e6 }
  expect(summarize(ends, (name) => sizes[name])).toBe(
    `
package         size        time  from
conmon         90 kB       3.8 s  built
podman       16.0 MB        14 s  packed anew
zlib           50 kB              cache
boot2podman  44.0 MB  1 min 11 s  built`.slice(1),
  )
})

test('what failed, and what could not be built for that', () => {
  const ends = [
    end('zlib:build', 'failed', 1),
    end('zlib:tcz', 'skipped'),
    end('conmon:build', 'made', 2),
    end('conmon:tcz', 'skipped'),
  ]
  expect(summarize(ends, () => undefined)).toBe(
    `
package  size   time  from
conmon         2.0 s  not built
zlib           1.0 s  FAILED: build`.slice(1),
  )
})
