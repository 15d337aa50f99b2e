/**
 * Merkle trees of transparency logs (RFC 6962 §2.1 and RFC 9162 §2.1, SHA-256), as Tendermint has them too. Leaves and
 * inner nodes are hashed with different prefixes, so that none can pass for the other; a layer's last node without
 * sibling moves up as it is. Sizes and indices are safe integers.
 * @module
 */
import { bytesEqual } from './bytes-equal.ts'
import { InvalidArgument, MerkleProofError } from './errors.ts'
import type { Hashes } from './slots.ts'

/** SHA-256(0x00 ‖ entry). */
export function rfc6962LeafHash(entry: Uint8Array, hashes: Hashes): Uint8Array {
  const bytes = new Uint8Array(1 + entry.length)
  bytes.set(entry, 1)
  return hashes.sha256(bytes)
}

/** SHA-256(0x01 ‖ left ‖ right). */
function parentOf(left: Uint8Array, right: Uint8Array, hashes: Hashes): Uint8Array {
  const bytes = new Uint8Array(65)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 33)
  return hashes.sha256(bytes)
}

/** Merkle Tree Hash over leaf hashes, 32 bytes each; that of no leaves is SHA-256 of nothing. */
export function rfc6962Root(leafHashes: readonly Uint8Array[], hashes: Hashes): Uint8Array {
  checkHashes('leafHashes', leafHashes)
  if (leafHashes.length === 0) return hashes.sha256(new Uint8Array())
  let layer = leafHashes
  while (layer.length > 1)
    layer = Array.from({ length: Math.ceil(layer.length / 2) }, (_, i) => {
      const right = layer[2 * i + 1]
      return right ? parentOf(layer[2 * i]!, right, hashes) : layer[2 * i]!
    })
  return new Uint8Array(layer[0]!)
}

/**
 * The root that an inclusion proof leads to: compare it with one that is known (RFC 9162 §2.1.3.2).
 * @param index of the leaf, below `size`.
 * @param size the number of leaves, from where the root is from: a proof alone does not bind it exactly.
 * @throws {MerkleProofError} the proof is longer or shorter than index and size want; `node` is where.
 */
export function rfc6962InclusionRoot(
  leafHash: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  hashes: Hashes,
): Uint8Array {
  checkHash('leafHash', leafHash)
  checkInteger('size', size, 1, Number.MAX_SAFE_INTEGER)
  checkInteger('index', index, 0, size - 1)
  checkHashes('proof', proof)
  const path = new Path(index, size - 1)
  let node = new Uint8Array(leafHash) as Uint8Array
  for (const [i, sibling] of proof.entries()) {
    if (path.last === 0) throw new MerkleProofError('the proof has more nodes than the tree has levels', i)
    if (path.isRight()) {
      node = parentOf(sibling, node, hashes)
      path.skipLevelsWithoutSibling()
    } else node = parentOf(node, sibling, hashes)
    path.climb()
  }
  if (path.last !== 0) throw new MerkleProofError('the proof ends before the root', proof.length)
  return node
}

/** A tree of which the root is known. */
export interface Rfc6962Tree {
  readonly size: number
  readonly root: Uint8Array
}

/**
 * Checks that `second` is `first` with leaves appended (RFC 9162 §2.1.4.2). Both roots are the caller's, of whom at
 * least one is to be trusted.
 * @param first of at least one leaf, and not larger than `second`: nothing can be shown of an empty tree.
 * @throws {MerkleProofError} the proof does not show it; `node` is where.
 */
export function verifyRfc6962Consistency(
  first: Rfc6962Tree,
  second: Rfc6962Tree,
  proof: readonly Uint8Array[],
  hashes: Hashes,
): void {
  checkHash('first.root', first.root)
  checkHash('second.root', second.root)
  checkInteger('second.size', second.size, 1, Number.MAX_SAFE_INTEGER)
  checkInteger('first.size', first.size, 1, second.size)
  checkHashes('proof', proof)
  if (first.size === second.size) {
    if (proof.length > 0) throw new MerkleProofError('trees of one size need no nodes', 0)
    if (!bytesEqual(first.root, second.root)) throw new MerkleProofError('trees of one size have different roots', 0)
    return
  }
  const path = new Path(first.size - 1, second.size - 1)
  path.skipRightChildren()
  // Where the first tree is a whole subtree of the second, its root is known and not repeated.
  const isSubtree = path.node === 0
  const start = isSubtree ? first.root : proof[0]
  if (!start) throw new MerkleProofError('the proof ends before the root', 0)
  let [old, now] = [start, start]
  for (let i = isSubtree ? 0 : 1; i < proof.length; i++) {
    const sibling = proof[i]!
    if (path.last === 0) throw new MerkleProofError('the proof has more nodes than the tree has levels', i)
    if (path.isRight()) {
      old = parentOf(sibling, old, hashes)
      now = parentOf(sibling, now, hashes)
      path.skipLevelsWithoutSibling()
    } else now = parentOf(now, sibling, hashes)
    path.climb()
  }
  if (path.last !== 0) throw new MerkleProofError('the proof ends before the root', proof.length)
  if (!bytesEqual(old, first.root)) throw new MerkleProofError('the proof leads to another first root', proof.length)
  if (!bytesEqual(now, second.root)) throw new MerkleProofError('the proof leads to another second root', proof.length)
}

/** A way up from a node: its index in its layer and that of the layer's last node. Beyond 32 bits, so no shifts. */
class Path {
  node: number
  last: number
  constructor(node: number, last: number) {
    this.node = node
    this.last = last
  }
  /** Whether the next sibling stands to the left: the node is a right child, or the last of its layer. */
  isRight(): boolean {
    return this.node % 2 === 1 || this.node === this.last
  }
  climb(): void {
    this.node = Math.floor(this.node / 2)
    this.last = Math.floor(this.last / 2)
  }
  /** A last node that is a left child moves up until it is a right one. */
  skipLevelsWithoutSibling(): void {
    while (this.node % 2 === 0 && this.node !== 0) this.climb()
  }
  /** To the root of the largest whole subtree that ends with this node. */
  skipRightChildren(): void {
    while (this.node % 2 === 1) this.climb()
  }
}

function checkInteger(argument: string, value: number, low: number, high: number): void {
  if (!Number.isSafeInteger(value) || value < low || value > high)
    throw new InvalidArgument(argument, `expected ${low}..${high}, got ${value}`)
}

function checkHashes(argument: string, list: readonly Uint8Array[]): void {
  for (const [i, bytes] of list.entries()) checkHash(`${argument}[${i}]`, bytes)
}

function checkHash(argument: string, bytes: Uint8Array): void {
  if (bytes.length !== 32) throw new InvalidArgument(argument, `expected 32 bytes, got ${bytes.length}`)
}
