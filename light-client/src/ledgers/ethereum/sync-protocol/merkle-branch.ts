import type { Merkle } from '@glowworm/wasm-core'
import { bytesEqual } from '../../../data/hex.ts'

const isZero = (node: Uint8Array) => node.every((byte) => byte === 0)

/**
 * `is_valid_normalized_merkle_branch` (electra/light-client/sync-protocol.md): branches may carry leading zero nodes
 * left over from an upgrade. A branch that is too short is refused here; the specification's slice would wrap round.
 */
export function is_valid_normalized_merkle_branch(
  leaf: Uint8Array,
  branch: readonly Uint8Array[],
  gindex: number,
  root: Uint8Array,
  merkle: Merkle,
): boolean {
  const depth = Math.floor(Math.log2(gindex))
  const index = gindex - 2 ** depth
  const num_extra = branch.length - depth
  if (num_extra < 0) return false
  if (!branch.slice(0, num_extra).every(isZero)) return false
  return bytesEqual(merkle.sszBranchRoot(leaf, branch.slice(num_extra), index), root)
}

export function isZeroBranch(branch: readonly Uint8Array[]): boolean {
  return branch.every(isZero)
}
