import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import type { SszType } from '../../../data/ssz/types.ts'
import { type LightClientUpdate, lightClientTypes } from '../data.ts'
import { compute_sync_committee_period_at_slot, rulesAtSlot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import type { AbsentKeys } from './absent-keys.ts'
import { committeeOf, committeeRoot, type ProvenCommittee, sameCommittee } from './committee.ts'
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
import { type PendingSignature, participants, pendingSignature, verifySignature } from './signature.ts'
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

/** An update that has passed `validate_light_client_update`, with the committee it proves. */
export interface ValidUpdate {
  readonly update: LightClientUpdate
  /** Null when it carries none. */
  readonly next: ProvenCommittee | null
}

/**
 * `validate_light_client_update` (altair/light-client/sync-protocol.md, with the later forks' headers and indices).
 * @throws one typed error per rule, see `errors.ts`
 */
export function validate_light_client_update(
  store: LightClientStore,
  update: LightClientUpdate,
  current_slot: number,
  profile: NetworkProfile,
  engines: Engines,
): ValidUpdate {
  const { signature, ...valid } = validateUnsigned(store, update, null, current_slot, profile, engines)
  verifySignature(signature, engines)
  return valid
}

/**
 * Everything of it but the signature, which costs most and comes last, alone or with others.
 * @param absent the keys of those who did not sign, where the update came with them
 */
export function validateUnsigned(
  store: LightClientStore,
  update: LightClientUpdate,
  absent: AbsentKeys | null,
  current_slot: number,
  profile: NetworkProfile,
  engines: Engines,
): ValidUpdate & { readonly signature: PendingSignature } {
  const count = participants(update.sync_aggregate)
  if (count < MIN_SYNC_COMMITTEE_PARTICIPANTS)
    throw new InsufficientParticipation(count, MIN_SYNC_COMMITTEE_PARTICIPANTS)

  const attested = update.attested_header
  const attested_slot = attested.beacon.slot
  const finalized_slot = update.finalized_header.beacon.slot
  const reason = invalidHeaderReason(attested, profile, engines)
  if (reason) throw new InvalidHeader('attested', reason)
  expectSlotOrder(finalized_slot, attested_slot, update.signature_slot, current_slot)

  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
  const store_period = periodOf(store.finalized_header.beacon.slot)
  const nextKnown = store.next_sync_committee !== null
  const committee = committeeAt(store, update.signature_slot, profile)

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

  let next: ProvenCommittee | null = null
  if (!has_next) {
    expectDefault(types.SyncCommittee, update.next_sync_committee, 'next sync committee')
  } else {
    next = committeeOf(update.next_sync_committee, engines.merkle)
    const known = store.next_sync_committee
    if (attested_period === store_period && known && !sameCommittee(next, known))
      throw new UnexpectedContent('next sync committee', 'the one already known')
    const leaf = committeeRoot(next, engines.merkle)
    const branch = update.next_sync_committee_branch
    if (!is_valid_normalized_merkle_branch(leaf, branch, rules.NEXT_SYNC_COMMITTEE_GINDEX, state_root, engines.merkle))
      throw new InvalidBranch('next sync committee')
  }

  const { sync_aggregate, signature_slot } = update
  const signature = pendingSignature(committee, sync_aggregate, attested, signature_slot, absent, profile, engines)
  return { update, next, signature }
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

/** @throws {InvalidSlotOrder | FutureUpdate} */
export function expectSlotOrder(finalized: number, attested: number, signature: number, current: number): void {
  if (!(signature > attested)) throw new InvalidSlotOrder('signed before it was made')
  if (!(attested >= finalized)) throw new InvalidSlotOrder('finalized after it was attested')
  if (!(current >= signature)) throw new FutureUpdate(signature, current)
}

/** The committee that signs at a slot, as far as the store knows it. @throws {WrongPeriod} */
export function committeeAt(store: LightClientStore, signature_slot: number, profile: NetworkProfile): ProvenCommittee {
  const store_period = compute_sync_committee_period_at_slot(profile, store.finalized_header.beacon.slot)
  const signature_period = compute_sync_committee_period_at_slot(profile, signature_slot)
  if (signature_period === store_period) return store.current_sync_committee
  if (store.next_sync_committee && signature_period === store_period + 1) return store.next_sync_committee
  throw new WrongPeriod(signature_period, store_period, store.next_sync_committee !== null)
}

function expectDefault<T>(type: SszType<T>, value: T, what: string): void {
  if (!bytesEqual(type.serialize(value), type.serialize(type.zero()))) throw new UnexpectedContent(what, 'empty')
}
