/** Forks, their generalized indices and fork digests. One table decides everything that changes per fork. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { bytesEqual, concatBytes, fromHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { ForkActivation, ForkName, NetworkProfile } from './profile.ts'

/** Layouts of light-client objects on the wire. Bellatrix shares Altair's, Fulu shares Electra's. */
export type WireFormat = 'altair' | 'capella' | 'deneb' | 'electra' | 'gloas'

export interface ForkRules {
  readonly format: WireFormat
  /** Generalized indices into BeaconState (consensus-specs {altair,electra,gloas}/light-client/sync-protocol.md). */
  readonly FINALIZED_ROOT_GINDEX: number
  readonly CURRENT_SYNC_COMMITTEE_GINDEX: number
  readonly NEXT_SYNC_COMMITTEE_GINDEX: number
  readonly BLOCK_ROOTS_GINDEX: number
  /** Null before Capella, whose state has none. */
  readonly HISTORICAL_SUMMARIES_GINDEX: number | null
}

const altair = {
  FINALIZED_ROOT_GINDEX: 105,
  CURRENT_SYNC_COMMITTEE_GINDEX: 54,
  NEXT_SYNC_COMMITTEE_GINDEX: 55,
  BLOCK_ROOTS_GINDEX: 37,
  HISTORICAL_SUMMARIES_GINDEX: null,
}
const capella = { ...altair, HISTORICAL_SUMMARIES_GINDEX: 59 }
const electra = {
  FINALIZED_ROOT_GINDEX: 169,
  CURRENT_SYNC_COMMITTEE_GINDEX: 86,
  NEXT_SYNC_COMMITTEE_GINDEX: 87,
  BLOCK_ROOTS_GINDEX: 69,
  HISTORICAL_SUMMARIES_GINDEX: 91,
}

export const FORK_RULES: Record<ForkName, ForkRules> = {
  altair: { format: 'altair', ...altair },
  bellatrix: { format: 'altair', ...altair },
  capella: { format: 'capella', ...capella },
  deneb: { format: 'deneb', ...capella },
  electra: { format: 'electra', ...electra },
  fulu: { format: 'electra', ...electra },
  gloas: {
    format: 'gloas',
    FINALIZED_ROOT_GINDEX: 735,
    CURRENT_SYNC_COMMITTEE_GINDEX: 2945,
    NEXT_SYNC_COMMITTEE_GINDEX: 2946,
    BLOCK_ROOTS_GINDEX: 352,
    HISTORICAL_SUMMARIES_GINDEX: 2950,
  },
}

/** Execution payload in the block body, Capella to Fulu. */
export const EXECUTION_PAYLOAD_GINDEX = 25
/** `signed_execution_payload_bid.message.parent_block_hash` in the Gloas body. */
export const EXECUTION_BLOCK_HASH_GINDEX_GLOAS = 2856
/** `execution_payload.block_hash` in the bodies of Capella and of Deneb to Fulu, for old slots in the Gloas layout. */
export const EXECUTION_BLOCK_HASH_GINDEX = { capella: 412, deneb: 812 } as const

export function compute_epoch_at_slot(profile: NetworkProfile, slot: number): number {
  return Math.floor(slot / profile.preset.SLOTS_PER_EPOCH)
}

export function compute_sync_committee_period_at_slot(profile: NetworkProfile, slot: number): number {
  return Math.floor(compute_epoch_at_slot(profile, slot) / profile.preset.EPOCHS_PER_SYNC_COMMITTEE_PERIOD)
}

export function slotsPerPeriod(profile: NetworkProfile): number {
  return profile.preset.SLOTS_PER_EPOCH * profile.preset.EPOCHS_PER_SYNC_COMMITTEE_PERIOD
}

/** SLOTS_PER_HISTORICAL_ROOT. Every preset there is (mainnet, minimal, gnosis) makes it the slots of a committee period. */
export const slotsPerHistoricalRoot = slotsPerPeriod

/** Slot at a time given in milliseconds; negative before genesis. */
export function slotAt(profile: NetworkProfile, milliseconds: number): number {
  return Math.floor((milliseconds / 1000 - profile.genesis.time) / profile.secondsPerSlot)
}

/** Start of a slot in milliseconds. */
export function timeOfSlot(profile: NetworkProfile, slot: number): number {
  return (profile.genesis.time + slot * profile.secondsPerSlot) * 1000
}

/** The fork active at an epoch. @throws {BeforeFirstFork} the sync protocol does not reach back that far. */
export function forkAtEpoch(profile: NetworkProfile, epoch: number): ForkActivation {
  const fork = profile.forks.findLast((candidate) => candidate.epoch <= epoch)
  if (!fork) throw new BeforeFirstFork(epoch, profile.forks[0]!)
  return fork
}

export function forkAtSlot(profile: NetworkProfile, slot: number): ForkActivation {
  return forkAtEpoch(profile, compute_epoch_at_slot(profile, slot))
}

export function rulesAtSlot(profile: NetworkProfile, slot: number): ForkRules {
  return FORK_RULES[forkAtSlot(profile, slot).name]
}

/** `compute_fork_version` for light-client signatures. */
export function compute_fork_version(profile: NetworkProfile, epoch: number): Uint8Array {
  return fromHex(forkAtEpoch(profile, epoch).version, 'fork version', 4)
}

/** hash_tree_root(ForkData{version, genesis_validators_root}). */
export function compute_fork_data_root(
  version: Uint8Array,
  genesisValidatorsRoot: Uint8Array,
  hashes: Hashes,
): Uint8Array {
  const pair = new Uint8Array(64)
  pair.set(version, 0)
  pair.set(genesisValidatorsRoot, 32)
  return hashes.sha256(pair)
}

/** The 4 context bytes of an epoch (Altair p2p; from Fulu on mixed with the blob parameters, EIP-7892). */
export function compute_fork_digest(profile: NetworkProfile, epoch: number, hashes: Hashes): Uint8Array {
  const fork = forkAtEpoch(profile, epoch)
  const root = fromHex(profile.genesis.validatorsRoot, 'genesis validators root', 32)
  const digest = compute_fork_data_root(fromHex(fork.version, 'fork version', 4), root, hashes).slice(0, 4)
  const fulu = profile.forks.find((candidate) => candidate.name === 'fulu')
  if (!fulu || epoch < fulu.epoch) return digest
  const blob = profile.blobSchedule.findLast((entry) => entry.epoch <= epoch) ?? electraBlobParameters(profile)
  const parameters = new Uint8Array(16)
  const view = new DataView(parameters.buffer)
  view.setBigUint64(0, BigInt(blob.epoch), true)
  view.setBigUint64(8, BigInt(blob.maxBlobs), true)
  const mask = hashes.sha256(parameters)
  return digest.map((byte, i) => byte ^ mask[i]!)
}

/** `get_blob_parameters` before the first entry of the blob schedule: MAX_BLOBS_PER_BLOCK_ELECTRA since Electra. */
function electraBlobParameters(profile: NetworkProfile): { epoch: number; maxBlobs: number } {
  return { epoch: profile.forks.find((fork) => fork.name === 'electra')?.epoch ?? 0, maxBlobs: 9 }
}

/** The wire format that a fork digest announces. Never guessed from a length. @throws {UnknownForkDigest} */
export function formatOfDigest(profile: NetworkProfile, digest: Uint8Array, hashes: Hashes): WireFormat {
  const epochs = [...profile.forks.map((fork) => fork.epoch), ...profile.blobSchedule.map((entry) => entry.epoch)]
  for (const epoch of epochs) {
    if (epoch < profile.forks[0]!.epoch) continue
    if (bytesEqual(compute_fork_digest(profile, epoch, hashes), digest))
      return FORK_RULES[forkAtEpoch(profile, epoch).name].format
  }
  throw new UnknownForkDigest(digest)
}

/** The digest of the epoch at which an object with this slot was made, joined with its bytes. */
export function withDigest(profile: NetworkProfile, slot: number, ssz: Uint8Array, hashes: Hashes): Uint8Array {
  return concatBytes(compute_fork_digest(profile, compute_epoch_at_slot(profile, slot), hashes), ssz)
}

/** The network profile knows no fork so early. */
export class BeforeFirstFork extends GlowwormError {
  constructor(epoch: number, first: ForkActivation) {
    super(
      { name: 'Ethereum.BeforeFirstFork', code: 'BEFORE_FIRST_FORK', kind: 'lie' },
      `epoch ${epoch} lies before ${first.name} (epoch ${first.epoch}), the first fork of the network profile`,
    )
  }
}

/** Context bytes of a fork the network profile does not know: another network, or a fork newer than this software. */
export class UnknownForkDigest extends GlowwormError {
  constructor(digest: Uint8Array) {
    super(
      { name: 'Ethereum.UnknownForkDigest', code: 'UNKNOWN_FORK_DIGEST', kind: 'unprovable' },
      `the fork digest ${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')} belongs to no known fork of this network`,
      { next: 'Check that the source serves this network; if a fork has just happened, update the software.' },
    )
  }
}
