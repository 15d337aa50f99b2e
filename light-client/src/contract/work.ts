/** Computing that others must not have to wait for: it yields, it ends in time, and it can be given up. @module */
import { GlowwormError } from '../errors.ts'

/** The computing done for one call, over all the runs that it takes until everything it reads is proven. */
export interface Work {
  /** Aborts when nobody wants the result any more. */
  readonly signal: AbortSignal
  /** For whom it is; those get their turns in turn. */
  readonly asker: string
  /** Milliseconds that it may compute in all. The turns of others do not count. */
  readonly limit: number
  /** Milliseconds that it has computed. */
  readonly spent: number
  /** Milliseconds that it may still compute. */
  readonly left: number
  /** It was computed for so many milliseconds elsewhere. */
  spend(milliseconds: number): void
  /** Time counts from here until the function that it returns is called. */
  begin(): () => void
  /**
   * Called every now and then while it computes. @returns what to wait for when it is the turn of others
   * @throws {CallTookTooLong} @throws the reason of the signal
   */
  turn(): Promise<void> | null
}

/** The call was computed for as long as it may; its result is not known. */
export class CallTookTooLong extends GlowwormError {
  constructor(milliseconds: number) {
    super(
      { name: 'Contract.CallTookTooLong', code: 'CALL_TOOK_TOO_LONG', kind: 'unprovable' },
      `the call was given up after ${milliseconds / 1000} seconds of computing`,
      { next: 'Give the call less gas, or split it.' },
    )
  }
}
