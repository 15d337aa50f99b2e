/**
 * Merkle trees of Bitcoin blocks: SHA-256 twice, and the last node of a layer of odd length is paired with itself.
 * Hashes are in the order in which they are hashed, the reverse of how explorers print them.
 *
 * Two weaknesses come with the format. Duplicated nodes give the same root as a longer list (CVE-2012-2459): here they
 * are refused. And a leaf is not told apart from an inner node: whoever gets a transaction of exactly 64 bytes into a
 * block can show its halves as nodes below it, and so "include" a transaction that is in no block (CVE-2017-12842).
 * That cannot be seen from hashes. Callers hold the transaction: they must refuse one of 64 bytes, which nodes have not
 * relayed since 2018, and where the number of transactions matters, show the coinbase at the same depth.
 * @module
 */
import { bytesEqual } from './bytes-equal.ts'
import { InvalidArgument, MerkleProofError } from './errors.ts'
import type { Hashes } from './slots.ts'

/** Depth of a branch in the largest block there can be, with room: 2^24 transactions. */
const MAX_DEPTH = 24

/**
 * The root of a block over the ids of its transactions, or the witness root over their witness ids.
 * @param ids at least one, 32 bytes each.
 * @throws {MerkleProofError} two equal nodes stand side by side, so that a shorter list would have this root too; `node`
 *   is the index of the first transaction below the second of them.
 */
export function bitcoinMerkleRoot(ids: readonly Uint8Array[], hashes: Hashes): Uint8Array {
  if (ids.length === 0) throw new InvalidArgument('ids', 'expected at least one')
  let layer = new Uint8Array(32 * (ids.length + 1))
  for (const [i, id] of ids.entries()) {
    checkHash(`ids[${i}]`, id)
    layer.set(id, 32 * i)
  }
  for (let count = ids.length, height = 0; count > 1; count = (count + 1) >> 1, height++) {
    for (let i = 1; i < count; i += 2)
      if (equalsLeft(layer, i)) throw new MerkleProofError('two equal nodes stand side by side', i * 2 ** height)
    if (count % 2 === 1) layer.copyWithin(32 * count, 32 * count - 32, 32 * count)
    const above = hashes.sha256dPairs(layer.subarray(0, 64 * ((count + 1) >> 1)))
    layer = new Uint8Array(above.length + 32)
    layer.set(above)
  }
  return layer.slice(0, 32)
}

/** Whether node i of a layer equals the node before it. In place: 4,000 pairs of views take longer than hashing them. */
function equalsLeft(layer: Uint8Array, i: number): boolean {
  for (let at = 32 * i; at < 32 * i + 32; at++) if (layer[at] !== layer[at - 32]) return false
  return true
}

/**
 * The root that a branch leads to: `branch[0]` is the sibling of `id`, and bit i of `index` says whether the node at
 * height i is a right child. Compare it with the root of a proven header.
 * @param index the place of the transaction in the block, below 2^`branch.length`.
 * @throws {MerkleProofError} the node at a height is said to be right of its own copy: then `index` lies behind the last
 *   transaction. `node` is the index of the sibling.
 */
export function bitcoinBranchRoot(
  id: Uint8Array,
  branch: readonly Uint8Array[],
  index: number,
  hashes: Hashes,
): Uint8Array {
  checkHash('id', id)
  if (branch.length > MAX_DEPTH)
    throw new InvalidArgument('branch', `expected at most ${MAX_DEPTH} nodes, got ${branch.length}`)
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** branch.length)
    throw new InvalidArgument('index', `expected 0..2^${branch.length}-1, got ${index}`)
  let node = new Uint8Array(id)
  for (const [height, sibling] of branch.entries()) {
    checkHash(`branch[${height}]`, sibling)
    const isRight = (index >> height) % 2 === 1
    if (isRight && bytesEqual(node, sibling))
      throw new MerkleProofError('the index lies behind the last transaction', height)
    node = bitcoinParent(isRight ? sibling : node, isRight ? node : sibling, hashes)
  }
  return node
}

/** The node above two. */
export function bitcoinParent(left: Uint8Array, right: Uint8Array, hashes: Hashes): Uint8Array<ArrayBuffer> {
  const pair = new Uint8Array(64)
  pair.set(left)
  pair.set(right, 32)
  return new Uint8Array(hashes.sha256dPairs(pair))
}

function checkHash(argument: string, bytes: Uint8Array): void {
  if (bytes.length !== 32) throw new InvalidArgument(argument, `expected 32 bytes, got ${bytes.length}`)
}
