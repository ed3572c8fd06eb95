import { columns } from './columns.ts'
import { formatSeconds, formatSize } from './format.ts'
import type { TaskEnd } from './progress.ts'

/** A table, a line for each project: its name, size, seconds, and whether it was built or came from the cache. */
export function summarize(ends: readonly TaskEnd[], sizeOf: (project: string) => number | undefined): string {
  const rows = [...Map.groupBy(ends, ({ project }) => project)]
    .sort(([one, [first]], [other, [second]]) => rank(first) - rank(second) || (one < other ? -1 : 1))
    .map(([project, steps]) => {
      const size = sizeOf(project)
      const seconds = steps.reduce((sum, step) => sum + step.seconds, 0)
      return [
        project,
        size === undefined ? '' : formatSize(size),
        steps.some(({ status }) => status === 'made' || status === 'failed') ? formatSeconds(seconds) : '',
        origin(steps),
      ]
    })
  return columns([['package', 'size', 'time', 'from'], ...rows], [1, 2])
}

// An image at the end, where the eye is.
function rank(step: TaskEnd | undefined): number {
  return step?.target === 'iso' ? 1 : 0
}

// What was done for it, by the last step that had to be run from the bottom: who is built is packed too.
const MADE = [
  ['build', 'built'],
  ['tcz', 'packed anew'],
  ['check', 'checked anew'],
  ['iso', 'built'],
]

function origin(steps: readonly TaskEnd[]): string {
  const failed = steps.find(({ status }) => status === 'failed')
  if (failed) return `FAILED: ${failed.target}`
  if (steps.some(({ status }) => status === 'skipped')) return 'not built'
  const made = new Set(steps.filter(({ status }) => status === 'made').map(({ target }) => target))
  return MADE.find(([target = '']) => made.has(target))?.[1] ?? 'cache'
}
