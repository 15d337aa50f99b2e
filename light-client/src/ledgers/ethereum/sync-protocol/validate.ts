import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import type { SszType } from '../../../data/ssz/types.ts'
import { type LightClientUpdate, lightClientTypes, type SyncCommittee } from '../data.ts'
import { compute_sync_committee_period_at_slot, rulesAtSlot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import {
  FutureUpdate,
  InsufficientParticipation,
  InvalidBranch,
  InvalidHeader,
  InvalidSlotOrder,
  IrrelevantUpdate,
  UnexpectedContent,
  WrongPeriod,
} from './errors.ts'
import { beaconRoot, invalidHeaderReason } from './header.ts'
import { is_valid_normalized_merkle_branch, isZeroBranch } from './merkle-branch.ts'
import { participants, verifySyncCommitteeSignature } from './signature.ts'
import type { LightClientStore } from './store.ts'

const MIN_SYNC_COMMITTEE_PARTICIPANTS = 1

/** `is_sync_committee_update` */
export function is_sync_committee_update(update: LightClientUpdate): boolean {
  return !isZeroBranch(update.next_sync_committee_branch)
}

/** `is_finality_update` */
export function is_finality_update(update: LightClientUpdate): boolean {
  return !isZeroBranch(update.finality_branch)
}

/**
 * `validate_light_client_update` (altair/light-client/sync-protocol.md, with the later forks' headers and indices).
 * The cheap checks come first; the signature, which costs most, comes last.
 * @throws one typed error per rule, see `errors.ts`
 */
export function validate_light_client_update(
  store: LightClientStore,
  update: LightClientUpdate,
  current_slot: number,
  profile: NetworkProfile,
  engines: Engines,
): void {
  const count = participants(update.sync_aggregate)
  if (count < MIN_SYNC_COMMITTEE_PARTICIPANTS)
    throw new InsufficientParticipation(count, MIN_SYNC_COMMITTEE_PARTICIPANTS)

  const attested = update.attested_header
  const attested_slot = attested.beacon.slot
  const finalized_slot = update.finalized_header.beacon.slot
  const reason = invalidHeaderReason(attested, profile, engines)
  if (reason) throw new InvalidHeader('attested', reason)
  if (!(update.signature_slot > attested_slot)) throw new InvalidSlotOrder('signed before it was made')
  if (!(attested_slot >= finalized_slot)) throw new InvalidSlotOrder('finalized after it was attested')
  if (!(current_slot >= update.signature_slot)) throw new FutureUpdate(update.signature_slot, current_slot)

  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
  const store_period = periodOf(store.finalized_header.beacon.slot)
  const signature_period = periodOf(update.signature_slot)
  const nextKnown = store.next_sync_committee !== null
  if (signature_period !== store_period && !(nextKnown && signature_period === store_period + 1))
    throw new WrongPeriod(signature_period, store_period, nextKnown)

  const attested_period = periodOf(attested_slot)
  const has_next = is_sync_committee_update(update)
  const brings_next = !nextKnown && has_next && attested_period === store_period
  if (!(attested_slot > store.finalized_header.beacon.slot || brings_next))
    throw new IrrelevantUpdate(attested_slot, store.finalized_header.beacon.slot)

  const rules = rulesAtSlot(profile, attested_slot)
  const types = lightClientTypes(profile.preset, rules.format)
  const state_root = attested.beacon.state_root

  if (!is_finality_update(update)) {
    expectDefault(types.LightClientHeader, update.finalized_header, 'finalized header')
  } else {
    verifyFinalityBranch(update, profile, engines)
  }

  if (!has_next) {
    expectDefault(types.SyncCommittee, update.next_sync_committee, 'next sync committee')
  } else {
    if (
      attested_period === store_period &&
      store.next_sync_committee &&
      !sameCommittee(update.next_sync_committee, store.next_sync_committee)
    )
      throw new UnexpectedContent('next sync committee', 'the one already known')
    const leaf = types.SyncCommittee.hashTreeRoot(update.next_sync_committee, engines.merkle)
    const branch = update.next_sync_committee_branch
    if (!is_valid_normalized_merkle_branch(leaf, branch, rules.NEXT_SYNC_COMMITTEE_GINDEX, state_root, engines.merkle))
      throw new InvalidBranch('next sync committee')
  }

  const committee = signature_period === store_period ? store.current_sync_committee : store.next_sync_committee!
  verifySyncCommitteeSignature(committee, update.sync_aggregate, attested, update.signature_slot, profile, engines)
}

/**
 * The finalized header of a finality update: valid, and in the state that is attested. Genesis is attested by the zero
 * root, with an empty header.
 * @throws {InvalidHeader | InvalidBranch | UnexpectedContent}
 */
export function verifyFinalityBranch(update: LightClientUpdate, profile: NetworkProfile, engines: Engines): void {
  const { attested_header, finalized_header, finality_branch } = update
  const rules = rulesAtSlot(profile, attested_header.beacon.slot)
  let leaf = new Uint8Array(32)
  if (finalized_header.beacon.slot === 0) {
    const types = lightClientTypes(profile.preset, rules.format)
    expectDefault(types.LightClientHeader, finalized_header, 'finalized header')
  } else {
    const reason = invalidHeaderReason(finalized_header, profile, engines)
    if (reason) throw new InvalidHeader('finalized', reason)
    leaf = new Uint8Array(beaconRoot(finalized_header, engines.merkle))
  }
  const { state_root } = attested_header.beacon
  const gindex = rules.FINALIZED_ROOT_GINDEX
  if (!is_valid_normalized_merkle_branch(leaf, finality_branch, gindex, state_root, engines.merkle))
    throw new InvalidBranch('finalized header')
}

export function sameCommittee(a: SyncCommittee, b: SyncCommittee): boolean {
  return bytesEqual(a.pubkeys, b.pubkeys) && bytesEqual(a.aggregate_pubkey, b.aggregate_pubkey)
}

function expectDefault<T>(type: SszType<T>, value: T, what: string): void {
  if (!bytesEqual(type.serialize(value), type.serialize(type.zero()))) throw new UnexpectedContent(what, 'empty')
}
