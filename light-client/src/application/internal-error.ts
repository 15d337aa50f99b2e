import { GlowwormError } from '../errors.ts'

/** A fault of this software. */
export class InternalError extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Application.InternalError', code: 'INTERNAL', kind: 'unprovable' },
      `an error inside the light client: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, next: 'Please report it.' },
    )
  }
}
