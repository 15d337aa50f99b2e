/** Evidence of old blocks out of a beacon state and the blocks themselves. Whoever receives it verifies it. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'
import { branchOf } from '../../../data/ssz/branch.ts'
import { GlowwormError } from '../../../errors.ts'
import type { LightClientHeader } from '../data.ts'
import { slotsPerHistoricalRoot } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import type { HistoricalState } from './beacon-state.ts'
import { encodeHistoricalBlock } from './containers.ts'
import { HISTORICAL_ROOTS_DEPTH, historyPlace, summaryIndex } from './place.ts'

/**
 * The answer to `historical_block`.
 * @param periodRoots block roots of all slots of the period of the header's slot, where that is no longer in `block_roots`
 * @throws {NoHistoricalProof}
 */
export function produceHistoricalBlock(
  state: HistoricalState,
  header: LightClientHeader,
  periodRoots: Uint8Array | null,
  profile: NetworkProfile,
  engines: Engines,
): Uint8Array {
  const { slot } = header.beacon
  const place = historyPlace(profile, state.slot, slot)
  if (typeof place === 'string') throw new NoHistoricalProof(place)
  const branch =
    place.field === 'block_roots'
      ? [...vectorBranch(state.block_roots, slot, profile, engines), ...state.block_roots_branch]
      : [...summaryBranch(state, slot, periodRoots, profile, engines), ...state.historical_summaries_branch]
  return encodeHistoricalBlock({ header, branch, execution_header: new Uint8Array(0) }, profile, engines.hashes)
}

/** From the root of the block at `slot` to the root of `historical_summaries`. */
function summaryBranch(
  { historical_summaries }: HistoricalState,
  slot: number,
  periodRoots: Uint8Array | null,
  profile: NetworkProfile,
  engines: Engines,
): Uint8Array[] {
  const { hashes, merkle } = engines
  const index = summaryIndex(profile, slot)!
  const summary = historical_summaries.subarray(index * 64, index * 64 + 64)
  if (summary.length < 64) throw new NoHistoricalProof(`the state has no summary of slot ${slot}`)
  const span = slotsPerHistoricalRoot(profile)
  if (!periodRoots || !bytesEqual(merkle.sszRoot(periodRoots, span), summary.subarray(0, 32)))
    throw new NoHistoricalProof(`the blocks of the period of slot ${slot} are not all known`)
  const count = historical_summaries.length / 64
  const length = new Uint8Array(32)
  new DataView(length.buffer).setBigUint64(0, BigInt(count), true)
  return [
    ...vectorBranch(periodRoots, slot, profile, engines),
    summary.slice(32),
    ...branchOf(hashes.sha256Pairs(historical_summaries), HISTORICAL_ROOTS_DEPTH, index, hashes),
    length,
  ]
}

function vectorBranch(roots: Uint8Array, slot: number, profile: NetworkProfile, { hashes }: Engines): Uint8Array[] {
  const span = slotsPerHistoricalRoot(profile)
  return branchOf(roots, Math.ceil(Math.log2(span)), slot % span, hashes)
}

/** What is at hand does not prove the block. */
export class NoHistoricalProof extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Ethereum.NoHistoricalProof', code: 'NO_HISTORICAL_PROOF', kind: 'unprovable' },
      `no proof by the beacon state can be made: ${reason}`,
    )
  }
}
