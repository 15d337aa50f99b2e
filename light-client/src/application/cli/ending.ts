/** How a command ends before it is done: by Ctrl-C, or because its time is up. @module */
import { GlowwormError } from '../../errors.ts'

/** As shells have it: 128 and the number of SIGINT. */
export const EXIT_INTERRUPTED = 130

/** A command that answers once was given up before it could. */
export class TimedOut extends GlowwormError {
  constructor(seconds: number) {
    super(
      { name: 'Cli.TimedOut', code: 'TIMED_OUT', kind: 'unreachable' },
      `the sources did not prove it within ${seconds} s`,
      { next: 'Name other sources, or give it longer with --timeout SECONDS.' },
    )
  }
}

/**
 * Runs what answers once. Whatever it throws after time is up, or after an interruption, is only the echo of that.
 * @param work is handed a signal that aborts in both cases
 * @throws {TimedOut}
 */
export async function within<T>(
  seconds: number,
  interrupted: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const time = AbortSignal.timeout(seconds * 1000)
  try {
    return await work(AbortSignal.any([interrupted, time]))
  } catch (cause) {
    throw time.aborted && !interrupted.aborted ? new TimedOut(seconds) : cause
  }
}
