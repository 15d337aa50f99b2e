/** How the anchor moves on: steps of evidence, whose signatures are verified one by one or all together. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { Instant } from '../verified.ts'
import { checkHop } from './compact/verify-hop.ts'
import { decodeCompactFinalityUpdate, decodeHops } from './compact/wire.ts'
import type { EthereumAnchor } from './consensus.ts'
import type { LightClientUpdate } from './data.ts'
import { slotAt } from './forks.ts'
import type { NetworkProfile } from './profile.ts'
import type { AbsentKeys } from './sync-protocol/absent-keys.ts'
import { KEY_BYTES, type ProvenCommittee, rootOfKeys } from './sync-protocol/committee.ts'
import {
  InsufficientParticipation,
  InvalidHop,
  IrrelevantUpdate,
  UnexpectedContent,
  WrongPeriod,
} from './sync-protocol/errors.ts'
import { process_valid_update } from './sync-protocol/process.ts'
import {
  firstInvalidSignature,
  type PendingSignature,
  participants,
  type RandomBytes,
} from './sync-protocol/signature.ts'
import { validateUnsigned } from './sync-protocol/validate.ts'
import { decodeFinalityUpdate, decodeOptimisticUpdate, decodeUpdate, fromFinalityUpdate } from './wire.ts'

/** An update of the head. `compact_finality_update` comes with the keys of those who did not sign it. */
export type HeadUpdateKind = 'finality_update' | 'optimistic_update' | 'compact_finality_update'

/** With its bytes in the form of `evidence.ts`. */
export interface HeadUpdate {
  readonly kind: HeadUpdateKind
  readonly bytes: Uint8Array
}

/**
 * What moves the anchor on, with its bytes in the form of `evidence.ts`; of `updates` one update, not the whole answer.
 * `committee` moves nothing, but gives a proven committee its keys.
 */
export interface EthereumAdvance {
  readonly kind: 'update' | 'hops' | 'committee' | HeadUpdateKind
  readonly bytes: Uint8Array
}

/** Where a row of steps led. */
export interface Advanced {
  /** The anchor after each step that holds. */
  readonly anchors: readonly EthereumAnchor[]
  /** The first step that does not, and why; those after it were not looked at. */
  readonly failure: { readonly index: number; readonly error: GlowwormError } | null
}

/** A step that has passed every rule but its signatures. */
interface PreparedStep {
  /** Oldest first. */
  readonly signatures: readonly PendingSignature[]
  /** @throws {GlowwormError} what would be found after the signatures */
  finish(): EthereumAnchor
}

/** Clocks of honest nodes differ by at most this many milliseconds (p2p specification, MAXIMUM_GOSSIP_CLOCK_DISPARITY). */
const MAXIMUM_CLOCK_DISPARITY = 500

export interface AdvanceContext {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly random: RandomBytes
}

/**
 * Takes steps in a row. All their signatures are verified together; the verdict is that of one by one.
 * @returns as far as the steps hold; the anchor given stays valid
 */
export function advanceAll(
  anchor: EthereumAnchor,
  steps: readonly EthereumAdvance[],
  now: Instant,
  context: AdvanceContext,
): Advanced {
  const anchors: EthereumAnchor[] = []
  const signatures: PendingSignature[] = []
  const stepOf: number[] = []
  let failure: Advanced['failure'] = null
  let at = anchor
  for (const [index, step] of steps.entries()) {
    try {
      const prepared = prepare(at, step, now, context)
      for (const signature of prepared.signatures) {
        signatures.push(signature)
        stepOf.push(index)
      }
      at = prepared.finish()
      anchors.push(at)
    } catch (error) {
      if (!(error instanceof GlowwormError)) throw error
      failure = { index, error }
      break
    }
  }
  const invalid = firstInvalidSignature(signatures, context.engines, context.random)
  if (!invalid) return { anchors, failure }
  const index = stepOf[invalid.index]!
  return { anchors: anchors.slice(0, index), failure: { index, error: invalid.error } }
}

/** One step. @throws the typed errors of `sync-protocol/errors.ts`; the anchor given stays valid. */
export function advance(
  anchor: EthereumAnchor,
  step: EthereumAdvance,
  now: Instant,
  context: AdvanceContext,
): EthereumAnchor {
  const { anchors, failure } = advanceAll(anchor, [step], now, context)
  if (failure) throw failure.error
  return anchors[0]!
}

function prepare(
  anchor: EthereumAnchor,
  { kind, bytes }: EthereumAdvance,
  now: Instant,
  context: AdvanceContext,
): PreparedStep {
  const current_slot = slotAt(context.profile, now + MAXIMUM_CLOCK_DISPARITY)
  switch (kind) {
    case 'hops':
      return prepareHops(anchor, bytes, current_slot, context)
    case 'committee':
      return { signatures: [], finish: () => loadKeys(anchor, bytes, context) }
    case 'update': {
      const update = decodeUpdate(bytes, context.profile, context.engines.hashes)
      return prepareUpdate(anchor, { update, absent: null }, current_slot, context)
    }
    default:
      return prepareUpdate(
        anchor,
        decodeHeadUpdate({ kind, bytes }, context.profile, context.engines),
        current_slot,
        context,
      )
  }
}

/** An update of the head as the update it abbreviates. */
export function decodeHeadUpdate(
  { kind, bytes }: HeadUpdate,
  profile: NetworkProfile,
  engines: Engines,
): { readonly update: LightClientUpdate; readonly absent: AbsentKeys | null } {
  switch (kind) {
    case 'finality_update':
      return { update: decodeFinalityUpdate(bytes, profile, engines.hashes), absent: null }
    case 'optimistic_update':
      return { update: decodeOptimisticUpdate(bytes, profile, engines.hashes), absent: null }
    case 'compact_finality_update': {
      const { value, format } = decodeCompactFinalityUpdate(bytes, profile, engines.hashes)
      return { update: fromFinalityUpdate(value.update, profile, format), absent: value }
    }
  }
}

function prepareUpdate(
  anchor: EthereumAnchor,
  { update, absent }: { update: LightClientUpdate; absent: AbsentKeys | null },
  current_slot: number,
  { profile, engines }: AdvanceContext,
): PreparedStep {
  const { signature, ...valid } = validateUnsigned(anchor.store, update, absent, current_slot, profile, engines)
  return {
    signatures: [signature],
    finish() {
      const store = process_valid_update(anchor.store, valid, profile)
      // The specification's threshold is relative to what was seen so far, which right after a bootstrap is nothing. A
      // head that anything is proven against needs more than half of the committee, whatever was seen.
      const active = participants(update.sync_aggregate)
      const majority = Math.floor(profile.preset.SYNC_COMMITTEE_SIZE / 2) + 1
      if (store.optimistic_header !== anchor.store.optimistic_header && active < majority)
        throw new InsufficientParticipation(active, majority)
      return { ...anchor, store }
    },
  }
}

/** All hops or none: only the last one has headers with execution parts. */
function prepareHops(
  anchor: EthereumAnchor,
  bytes: Uint8Array,
  current_slot: number,
  { profile, engines }: AdvanceContext,
): PreparedStep {
  const { hops, end } = decodeHops(bytes, profile, engines.hashes)
  const signatures: PendingSignature[] = []
  let { store } = anchor
  try {
    for (const [i, hop] of hops.entries()) {
      const last = i === hops.length - 1
      const checked = checkHop(store, hop, last ? end : null, current_slot, profile, engines)
      signatures.push(checked.signature)
      store = checked.store
    }
  } catch (error) {
    const outOfOrder = signatures.length > 0 && (error instanceof WrongPeriod || error instanceof IrrelevantUpdate)
    const cause = outOfOrder ? new InvalidHop('they do not follow one another') : error
    // A hop before this one may be the first that is wrong; its signature will tell.
    return {
      signatures,
      finish() {
        throw cause
      },
    }
  }
  return { signatures, finish: () => ({ ...anchor, store }) }
}

/** @throws {UnexpectedContent} when they are the keys of neither committee */
function loadKeys(anchor: EthereumAnchor, keys: Uint8Array, { profile, engines }: AdvanceContext): EthereumAnchor {
  const { current_sync_committee: current, next_sync_committee: next } = anchor.store
  const pubkeys = keys.slice()
  const root = pubkeys.length === profile.preset.SYNC_COMMITTEE_SIZE * KEY_BYTES && rootOfKeys(pubkeys, engines.merkle)
  const isRightFor = (committee: ProvenCommittee | null) =>
    root && committee !== null && bytesEqual(root, committee.pubkeys_root)
  if (!isRightFor(current) && !isRightFor(next))
    throw new UnexpectedContent('list of committee keys', 'that of a proven committee')
  const store = {
    ...anchor.store,
    current_sync_committee: isRightFor(current) ? { ...current, pubkeys } : current,
    next_sync_committee: next && isRightFor(next) ? { ...next, pubkeys } : next,
  }
  return { ...anchor, store }
}
