const QUIET = 10_000

/** Tells now and then that something goes on. */
export interface Heartbeat extends Disposable {
  /** Tells a line, which is a sign of life too. */
  say: (line: string) => void
}

/** When nothing was said for 10 seconds, the time is told: `conmon: building, 20 s`. */
export function startHeartbeat(what: string, say: (line: string) => void): Heartbeat {
  const started = Date.now()
  const timer = setInterval(() => say(`${what}, ${Math.round((Date.now() - started) / 1000)} s`), QUIET)
  return {
    say: (line) => {
      timer.refresh()
      say(line)
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
