/**
 * Two statements of sync committees that cannot both be honest: two thirds signed two headers of one slot, or two
 * different headers of one slot are final. Late and forked heads are neither: they need less than two thirds, or other
 * slots. The two pieces of evidence convince anyone who knows the committee, so they are kept and can be exported.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import type { Statement, StatementKind } from '../../consensus/witness.ts'
import { fromHex, toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import { decodeHeadUpdate, type HeadUpdate } from './advance.ts'
import type { EthereumAnchor } from './consensus.ts'
import type { LightClientUpdate } from './data.ts'
import type { Hex } from './evidence.ts'
import { compute_sync_committee_period_at_slot } from './forks.ts'
import type { NetworkProfile } from './profile.ts'
import { beaconRoot } from './sync-protocol/header.ts'
import { isSupermajority, pendingSignature, verifySignature } from './sync-protocol/signature.ts'
import { is_finality_update, verifyFinalityBranch } from './sync-protocol/validate.ts'

export interface Contradiction {
  readonly kind: StatementKind
  readonly slot: number
  readonly first: Statement<HeadUpdate>
  readonly second: Statement<HeadUpdate>
}

/** What an update says if its signature holds; nothing where less than two thirds stand behind it. */
export function statementsOf(evidence: HeadUpdate, profile: NetworkProfile, engines: Engines): Statement<HeadUpdate>[] {
  const { update } = decodeHeadUpdate(evidence, profile, engines)
  if (!isSupermajority(update.sync_aggregate, profile)) return []
  const statement = (kind: StatementKind, header: LightClientUpdate['attested_header']) => ({
    kind,
    slot: header.beacon.slot,
    root: toHex(beaconRoot(header, engines.merkle)) as Hex,
    evidence: { kind: evidence.kind, bytes: evidence.bytes.slice() },
  })
  const signed = statement('signed', update.attested_header)
  // The checkpoint of genesis stands as an empty header; it has no slot of its own.
  if (!is_finality_update(update) || update.finalized_header.beacon.slot === 0) return [signed]
  return [signed, statement('final', update.finalized_header)]
}

/**
 * Checks the signature and the finality branch of an update against the committees of an anchor, whether or not it
 * brings anything new. False: its period is not one of those two, so that nothing can be said.
 * @throws {InvalidSyncCommitteeSignature | InvalidBranch | MissingCommitteeKeys}
 */
export function verifyStatements(
  anchor: EthereumAnchor,
  evidence: HeadUpdate,
  profile: NetworkProfile,
  engines: Engines,
): boolean {
  const { store } = anchor
  const { update, absent } = decodeHeadUpdate(evidence, profile, engines)
  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)
  const ahead = periodOf(update.signature_slot) - periodOf(store.finalized_header.beacon.slot)
  const committee = ahead === 0 ? store.current_sync_committee : ahead === 1 ? store.next_sync_committee : null
  if (!committee || update.signature_slot <= update.attested_header.beacon.slot) return false
  if (is_finality_update(update)) verifyFinalityBranch(update, profile, engines)
  const { sync_aggregate, attested_header, signature_slot } = update
  verifySignature(
    pendingSignature(committee, sync_aggregate, attested_header, signature_slot, absent, profile, engines),
    engines,
  )
  return true
}

/** As one JSON document, for whoever is shown it. Version 1. */
export function writeContradiction({ kind, slot, first, second }: Contradiction, profile: NetworkProfile): string {
  const part = ({ root, evidence }: Statement<HeadUpdate>) => ({
    root,
    type: evidence.kind,
    bytes: toHex(evidence.bytes),
  })
  const { chainId, genesis } = profile
  return JSON.stringify(
    {
      version: 1,
      what: 'contradiction',
      network: { chainId, genesisValidatorsRoot: genesis.validatorsRoot },
      kind,
      slot,
      first: part(first),
      second: part(second),
    },
    null,
    2,
  )
}

/** @throws {Error} when it is not such a document */
export function readContradiction(text: string): Contradiction {
  const { version, kind, slot, first, second } = JSON.parse(text)
  if (version !== 1 || (kind !== 'signed' && kind !== 'final')) throw new Error('not a contradiction of version 1')
  const part = ({ root, type, bytes }: { root: Hex; type: HeadUpdate['kind']; bytes: string }) => ({
    kind,
    slot,
    root,
    evidence: { kind: type, bytes: fromHex(bytes, 'evidence') },
  })
  return { kind, slot, first: part(first), second: part(second) }
}

/** The committee contradicted itself: nothing on this chain can be believed until somebody has looked into it. */
export class CommitteeContradiction extends GlowwormError {
  readonly contradiction: Contradiction
  constructor(contradiction: Contradiction) {
    const { kind, slot, first, second } = contradiction
    super(
      { name: 'Ethereum.CommitteeContradiction', code: 'COMMITTEE_CONTRADICTION', kind: 'unprovable' },
      kind === 'signed'
        ? `two thirds of the sync committee signed two different blocks at slot ${slot}: ${first.root} and ${second.root}`
        : `two different blocks at slot ${slot} are final by the committee's signatures: ${first.root} and ${second.root}`,
      {
        next: 'Do not act on anything shown since. The evidence is kept; export it, and start again from a checkpoint that several operators agree on.',
      },
    )
    this.contradiction = contradiction
  }
}
