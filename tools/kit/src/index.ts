export { cacheFolder } from './cache.ts'
export { guard, Problem, type Trouble } from './problem.ts'
export { type RunOptions, run } from './run.ts'
export { writeAtomic } from './write-atomic.ts'
