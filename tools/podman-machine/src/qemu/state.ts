import type { State } from '../drivers/driver.ts'
import { NO_ANSWER } from './instance.ts'

/** QEMU's word for what a machine does (RunState of its qapi/run-state.json) as ours. One of instance.ts's is among them. */
export function stateOf(status: string): State {
  return STATES[status] ?? 'Error'
}

const STATES: Record<string, State> = {
  [NO_ANSWER]: 'Timeout',
  running: 'Running',
  paused: 'Paused',
  suspended: 'Saved',
  prelaunch: 'Starting',
  inmigrate: 'Starting',
  debug: 'Paused',
  shutdown: 'Stopping',
  'finish-migrate': 'Paused',
  postmigrate: 'Paused',
  'save-vm': 'Saved',
  'restore-vm': 'Starting',
}
