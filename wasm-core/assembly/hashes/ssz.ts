import { sha256Node } from './sha256'
import { INPUT, OUTPUT } from './windows'

const PAIR: usize = memory.data(64, 16)

/**
 * Root of an SSZ branch: leaf at INPUT, then `depth` siblings, 32 bytes each. Bit i of the index says that the node at
 * height i is a right child; the index comes in two halves because the host has no 64-bit integers.
 */
export function sszBranchRoot(depth: u32, low: u32, high: u32): void {
  let index = (<u64>high << 32) | <u64>low
  memory.copy(OUTPUT, INPUT, 32)
  for (let i: u32 = 1; i <= depth; i++) {
    const right = (<usize>index & 1) << 5
    memory.copy(PAIR + right, OUTPUT, 32)
    memory.copy(PAIR + 32 - right, INPUT + 32 * i, 32)
    sha256Node(PAIR, OUTPUT)
    index >>= 1
  }
}
