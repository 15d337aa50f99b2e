import { GlowwormError } from '../../../errors.ts'

/** Compact evidence of a version this software does not read. */
export class UnknownCompactVersion extends GlowwormError {
  constructor(version: number) {
    super(
      { name: 'Ethereum.UnknownCompactVersion', code: 'UNKNOWN_COMPACT_VERSION', kind: 'unprovable' },
      `compact evidence of version ${version} is not understood`,
      { next: 'Ask another source, or update the software.' },
    )
  }
}

/** An update that is no hop: it crosses a period, brings no finality or committee, or too few signed it. */
export class NotHoppable extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Ethereum.NotHoppable', code: 'NOT_HOPPABLE', kind: 'unprovable' },
      `no committee hop can be made of the update: ${reason}`,
      { next: 'Use the update itself.' },
    )
  }
}
