import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file that lines are written to as they come. */
export interface Log extends Disposable {
  line: (text: string) => void
}

/** Begins a log anew; makes its folder. */
export function openLog(path: string): Log {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  return {
    line: (text) => writeSync(file, `${text}\n`),
    [Symbol.dispose]: () => closeSync(file),
  }
}
