/**
 * What an error means to the caller, whatever its cause:
 * - `usage`: the caller asked for something malformed
 * - `unprovable`: the evidence to be had proves nothing (yet); ask other sources
 * - `lie`: a source sent evidence that contradicts what was asked or is provably false
 * - `stale`: the trusted checkpoint, or the clock, does not allow a safe start
 * - `unreachable`: no source answered
 * - `closed`: the thing was closed or the work was cancelled
 */
export type ErrorKind = 'usage' | 'unprovable' | 'lie' | 'stale' | 'unreachable' | 'closed'

/** Base of all typed errors of the light client. `code` is stable; `next` tells a person what can be done. */
export class GlowwormError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  readonly next: string | undefined
  constructor(
    identity: { name: string; code: string; kind: ErrorKind },
    message: string,
    options: { cause?: unknown; next?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = identity.name
    this.code = identity.code
    this.kind = identity.kind
    this.next = options.next
  }
}

/** An argument of a public function is malformed. Always the caller's fault. */
export class InvalidInput extends GlowwormError {
  constructor(what: string, expected: string, next?: string) {
    super(
      { name: 'Glowworm.InvalidInput', code: 'INVALID_INPUT', kind: 'usage' },
      `${what}: ${expected}`,
      next === undefined ? {} : { next },
    )
  }
}
