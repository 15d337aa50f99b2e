import { keccakAll } from './keccak'

/**
 * The nodes a walk may take: each u32 length and bytes, one behind the other; behind them, what is known of them. A pool
 * sorts its nodes by hash, so that each is found by bisection: whoever chooses the nodes cannot make this slow, as they
 * could with a table of hashes.
 */

/** The hashes of the nodes, 32 bytes each. */
export let hashes: usize = 0
/** How many nodes there are. */
export let total: u32 = 0
/** u32 each: address of a node, number of a node in the order of hashes, whether a walk has used a node. */
let addresses: usize = 0
let order: usize = 0
let usedFlags: usize = 0

/** Hashes the `count` nodes at `at`, which end at `end`. */
export function hashNodes(at: usize, count: u32, end: usize): void {
  total = count
  hashes = (end + 15) & ~15
  keccakAll(at, count, hashes)
  addresses = hashes + 32 * count
  order = addresses + 4 * count
  usedFlags = order + 4 * count
  for (let i: usize = 0; i < count; i++) {
    store<u32>(addresses + 4 * i, <u32>at)
    at += 4 + <usize>load<u32>(at)
  }
  memory.fill(usedFlags, 0, 4 * count)
}

/** Sorts the nodes by hash. @returns the number of the first that was given before, or `total`. */
export function sortNodes(): u32 {
  for (let i: u32 = 0; i < total; i++) store<u32>(order + 4 * i, i)
  for (let i = total >> 1; i > 0; i--) sink(i - 1, total)
  for (let size = total; size > 1; ) {
    const last = at(--size)
    store<u32>(order + 4 * size, at(0))
    store<u32>(order, last)
    sink(0, size)
  }
  let repeated = total
  for (let i: u32 = 1; i < total; i++) {
    if (!sameHash(hashOf(at(i - 1)), hashOf(at(i)))) continue
    if (at(i) < repeated) repeated = at(i)
  }
  return repeated
}

/** The heap of `size` entries, of which the one at `i` may be too small for its place. */
function sink(i: u32, size: u32): void {
  const moving = at(i)
  while (true) {
    let child: u32 = i * 2 + 1
    if (child >= size) break
    if (child + 1 < size && isLess(at(child), at(child + 1))) child++
    if (!isLess(moving, at(child))) break
    store<u32>(order + 4 * i, at(child))
    i = child
  }
  store<u32>(order + 4 * i, moving)
}

/** Finds a node by its hash. @returns its number, or `total`. */
export function findNode(hash: usize): u32 {
  let low: u32 = 0
  let high = total
  while (low < high) {
    const middle = (low + high) >> 1
    const sign = compare(hashOf(at(middle)), hash)
    if (sign == 0) return at(middle)
    if (sign < 0) low = middle + 1
    else high = middle
  }
  return total
}

export function nodeStart(node: u32): usize {
  return <usize>load<u32>(addresses + 4 * node) + 4
}

export function nodeEnd(node: u32): usize {
  const address = <usize>load<u32>(addresses + 4 * node)
  return address + 4 + <usize>load<u32>(address)
}

export function useNode(node: u32): void {
  store<u32>(usedFlags + 4 * node, 1)
}

/** The first node that no walk has used, or `total`. */
export function firstUnused(): u32 {
  let node: u32 = 0
  while (node < total && load<u32>(usedFlags + 4 * node) != 0) node++
  return node
}

export function sameHash(a: usize, b: usize): bool {
  let difference: u64 = 0
  for (let i: usize = 0; i < 32; i += 8) difference |= load<u64>(a + i) ^ load<u64>(b + i)
  return difference == 0
}

export function hashOf(node: u32): usize {
  return hashes + 32 * node
}

function at(i: u32): u32 {
  return load<u32>(order + 4 * i)
}

/** Equal hashes are ordered by number, so that the first of them comes first. */
function isLess(a: u32, b: u32): bool {
  const sign = compare(hashOf(a), hashOf(b))
  return sign == 0 ? a < b : sign < 0
}

/** Any total order will do: by words as they lie in memory. */
function compare(a: usize, b: usize): i32 {
  for (let i: usize = 0; i < 32; i += 8) {
    const x = load<u64>(a + i)
    const y = load<u64>(b + i)
    if (x != y) return x < y ? -1 : 1
  }
  return 0
}
