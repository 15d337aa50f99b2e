import { sha256Node, sha256Pairs } from './sha256'
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

/** Roots of trees of zeros: of height i at 32 i, computed up to `zerosKnown`. */
const ZEROS: usize = memory.data(54 * 32, 16)
let zerosKnown: u32 = 0

/**
 * Root of a tree of height `depth` (at most 53) whose first `count` nodes of the given height lie at INPUT, all others
 * being roots of zeros. Overwrites them.
 */
export function sszRoot(count: u32, height: u32, depth: u32): void {
  for (; zerosKnown < depth; zerosKnown++) {
    const zero = ZEROS + 32 * zerosKnown
    memory.copy(PAIR, zero, 32)
    memory.copy(PAIR + 32, zero, 32)
    sha256Node(PAIR, zero + 32)
  }
  if (count == 0) {
    memory.copy(OUTPUT, ZEROS + 32 * depth, 32)
    return
  }
  for (; height < depth; height++) {
    if (count & 1) memory.copy(INPUT + 32 * count++, ZEROS + 32 * height, 32)
    count >>= 1
    sha256Pairs(count)
  }
  memory.copy(OUTPUT, INPUT, 32)
}
