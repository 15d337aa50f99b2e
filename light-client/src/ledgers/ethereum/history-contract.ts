/** The system contract with the hashes of past blocks (EIP-2935), and how to leap from window to window. @module */
import type { Hex } from './evidence.ts'

export const HISTORY_STORAGE_ADDRESS: Hex = '0x0000f90827f1c53a10cb7a02335b175320002935'
/** Blocks whose hashes it keeps. */
export const HISTORY_SERVE_WINDOW = 8191n

/** The slot that holds the hash of a block. It may hold nothing: zero means unknown, never a hash. */
export function historySlot(number: bigint): Hex {
  return `0x${(number % HISTORY_SERVE_WINDOW).toString(16).padStart(64, '0')}`
}

const STONE = 1024n

/**
 * The block to leap to from `number` on the way further back than its window reaches: at a place that does not depend
 * on where one came from, so that all ways back share their proofs.
 */
export function steppingStone(number: bigint): bigint {
  const lowest = number - HISTORY_SERVE_WINDOW
  return lowest + ((STONE - (lowest % STONE)) % STONE)
}
