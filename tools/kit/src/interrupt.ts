/**
 * Runs work that Ctrl-C, SIGTERM or SIGHUP may stop by the signal that it is given. Stopped like that, it is told with
 * `said`, and the exit code is 130.
 */
export async function interruptible(
  said: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  // Listeners stay: execa ends this process at once when it finds itself the only one that listens.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())
  try {
    await work(stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.error(said)
    process.exitCode = 130
  }
}
