import { GlowwormError } from '../../errors.ts'

/** The anchored header is from before Capella and says nothing about the execution chain. */
export class NoExecutionData extends GlowwormError {
  constructor(slot: number) {
    super(
      { name: 'Ethereum.NoExecutionData', code: 'NO_EXECUTION_DATA', kind: 'unprovable' },
      `the header of slot ${slot} carries no execution data, so no state can be proven with it`,
      { next: 'Follow the chain to a later header.' },
    )
  }
}
