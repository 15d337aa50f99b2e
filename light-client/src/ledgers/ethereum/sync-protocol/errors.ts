import { GlowwormError } from '../../../errors.ts'

/** A Merkle branch that does not lead from its leaf to the root it must. */
export class InvalidBranch extends GlowwormError {
  constructor(what: string) {
    super(
      { name: 'Ethereum.InvalidBranch', code: 'INVALID_BRANCH', kind: 'lie' },
      `the Merkle branch of the ${what} does not lead to the root it must`,
      { next: 'Ask another source.' },
    )
  }
}

/** A light-client header whose execution part does not belong to its beacon block. */
export class InvalidHeader extends GlowwormError {
  constructor(what: string, reason: string) {
    super(
      { name: 'Ethereum.InvalidHeader', code: 'INVALID_HEADER', kind: 'lie' },
      `the ${what} header is invalid: ${reason}`,
      {
        next: 'Ask another source.',
      },
    )
  }
}

/** A bootstrap for another block than the trusted one. */
export class UntrustedBootstrap extends GlowwormError {
  constructor(expected: string, got: string) {
    super(
      { name: 'Ethereum.UntrustedBootstrap', code: 'UNTRUSTED_BOOTSTRAP', kind: 'lie' },
      `the bootstrap is for block ${got}, but the trusted block is ${expected}`,
      { next: 'Ask another source, or check the checkpoint.' },
    )
  }
}

/** Nobody, or not enough of the committee, signed. */
export class InsufficientParticipation extends GlowwormError {
  constructor(participants: number, needed: number) {
    super(
      { name: 'Ethereum.InsufficientParticipation', code: 'INSUFFICIENT_PARTICIPATION', kind: 'unprovable' },
      `${participants} committee members signed, at least ${needed} are needed`,
      { next: 'Wait for a later update, or ask another source.' },
    )
  }
}

/** Slots that cannot follow one another in an honest update. */
export class InvalidSlotOrder extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Ethereum.InvalidSlotOrder', code: 'INVALID_SLOT_ORDER', kind: 'lie' },
      `the slots are out of order: ${reason}`,
    )
  }
}

/** An update from the future as this device's clock sees it: a wrong clock here, or a replay prepared there. */
export class FutureUpdate extends GlowwormError {
  constructor(signatureSlot: number, currentSlot: number) {
    super(
      { name: 'Ethereum.FutureUpdate', code: 'FUTURE_UPDATE', kind: 'unprovable' },
      `the update was signed at slot ${signatureSlot}, but by this clock it is slot ${currentSlot}`,
      { next: 'Check the clock of this device.' },
    )
  }
}

/** An update of a sync-committee period whose committee is not known. */
export class WrongPeriod extends GlowwormError {
  constructor(period: number, store: number, nextKnown: boolean) {
    super(
      { name: 'Ethereum.WrongPeriod', code: 'WRONG_PERIOD', kind: 'unprovable' },
      `the update belongs to period ${period}, but only ${nextKnown ? `${store} and ${store + 1}` : store} can be checked now`,
      { next: 'Fetch the committee updates in between first.' },
    )
  }
}

/** A valid-looking update that brings nothing new. Never an accusation: late sources are honest sources. */
export class IrrelevantUpdate extends GlowwormError {
  constructor(attestedSlot: number, finalizedSlot: number) {
    super(
      { name: 'Ethereum.IrrelevantUpdate', code: 'IRRELEVANT_UPDATE', kind: 'unprovable' },
      `the update attests slot ${attestedSlot}, which is not newer than the finalized slot ${finalizedSlot}`,
    )
  }
}

/** A part that must be empty, or must equal what is known, is something else. */
export class UnexpectedContent extends GlowwormError {
  constructor(what: string, expected: string) {
    super(
      { name: 'Ethereum.UnexpectedContent', code: 'UNEXPECTED_CONTENT', kind: 'lie' },
      `the ${what} must be ${expected}`,
      { next: 'Ask another source.' },
    )
  }
}

/** The aggregate signature does not verify under the committee's keys. */
export class InvalidSyncCommitteeSignature extends GlowwormError {
  constructor(slot: number, options: { cause?: unknown } = {}) {
    super(
      {
        name: 'Ethereum.InvalidSyncCommitteeSignature',
        code: 'INVALID_SYNC_COMMITTEE_SIGNATURE',
        kind: 'lie',
      },
      `the sync committee's signature at slot ${slot} does not verify`,
      { ...options, next: 'Ask another source.' },
    )
  }
}

/**
 * The committee is known by its aggregate key and the root of its keys only, and the update does not bring the keys of
 * those who did not sign. Never an accusation.
 */
export class MissingCommitteeKeys extends GlowwormError {
  readonly signatureSlot: number
  constructor(signatureSlot: number) {
    super(
      { name: 'Ethereum.MissingCommitteeKeys', code: 'MISSING_COMMITTEE_KEYS', kind: 'unprovable' },
      `the keys of the committee that signed at slot ${signatureSlot} are not loaded`,
      { next: 'Load the keys of the committee, or ask for the update with the keys of those absent.' },
    )
    this.signatureSlot = signatureSlot
  }
}

/** Committee hops that do not follow one another, or that are no hops at all. */
export class InvalidHop extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Ethereum.InvalidHop', code: 'INVALID_HOP', kind: 'lie' },
      `the committee hops are invalid: ${reason}`,
      {
        next: 'Ask another source.',
      },
    )
  }
}
