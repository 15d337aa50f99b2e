import type { Merkle } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'

const isZero = (node: Uint8Array) => node.every((byte) => byte === 0)

/** `floorlog2` of a generalized index: the number of nodes in its branch. */
export function depthOf(gindex: number): number {
  return Math.floor(Math.log2(gindex))
}

/**
 * The part of a branch that leads from the generalized index to the root: branches may carry leading zero nodes left
 * over from an upgrade (`normalize_merkle_branch`, electra/light-client/fork.md). Null for anything else. A branch that
 * is too short is refused here; the specification's slice would wrap round.
 */
export function trimBranch(branch: readonly Uint8Array[], gindex: number): readonly Uint8Array[] | null {
  const num_extra = branch.length - depthOf(gindex)
  if (num_extra < 0 || !branch.slice(0, num_extra).every(isZero)) return null
  return branch.slice(num_extra)
}

/** `is_valid_normalized_merkle_branch` (electra/light-client/sync-protocol.md). */
export function is_valid_normalized_merkle_branch(
  leaf: Uint8Array,
  branch: readonly Uint8Array[],
  gindex: number,
  root: Uint8Array,
  merkle: Merkle,
): boolean {
  const trimmed = trimBranch(branch, gindex)
  return trimmed !== null && bytesEqual(merkle.sszBranchRoot(leaf, trimmed, gindex - 2 ** depthOf(gindex)), root)
}

export function isZeroBranch(branch: readonly Uint8Array[]): boolean {
  return branch.every(isZero)
}
