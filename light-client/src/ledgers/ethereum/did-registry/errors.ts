import { GlowwormError } from '../../../errors.ts'
import type { Hex } from '../evidence.ts'

/** What is proven to lie at this address does not behave as the registry of ERC-1056 does. */
export class NotADidRegistry extends GlowwormError {
  constructor(address: Hex, reason: string) {
    super(
      { name: 'Ethereum.NotADidRegistry', code: 'NOT_A_DID_REGISTRY', kind: 'unprovable' },
      `there is no DID registry at ${address}: ${reason}`,
      { next: 'Check the network and the address of the registry.' },
    )
  }
}

/** An identity with more changes than are followed. */
export class TooManyChanges extends GlowwormError {
  constructor(identity: Hex, most: number) {
    super(
      { name: 'Ethereum.TooManyChanges', code: 'TOO_MANY_CHANGES', kind: 'unprovable' },
      `${identity} was changed in more than ${most} blocks, which are not followed here`,
    )
  }
}
