/** The `merkleblock` message of BIP 37, which is also the answer to `gettxoutproof`: a header and a partial tree. @module */
import { bitcoinParent } from './bitcoin-merkle.ts'
import { bytesEqual } from './bytes-equal.ts'
import { MerkleProofError } from './errors.ts'
import type { Hashes } from './slots.ts'

/** Most transactions of a block: 4,000,000 units of weight, 240 for the smallest transaction (Bitcoin Core). */
const MAX_TRANSACTIONS = 16_666

/** Those parts of a block's tree that lead to some of its transactions. */
export interface PartialMerkleTree {
  /** Transactions of the block. The header does not prove it, only that the tree has this shape. */
  readonly transactions: number
  /** 32 bytes each, depth first. */
  readonly hashes: readonly Uint8Array[]
  /** Depth first, the lowest bit of a byte first: whether a node is, or leads to, a transaction of interest. */
  readonly flags: Uint8Array
}

export interface MerkleBlock {
  /** 80 bytes. Its root is the 32 bytes at 36. */
  readonly header: Uint8Array
  readonly tree: PartialMerkleTree
}

export interface PartialMerkleMatches {
  readonly root: Uint8Array
  /** In the order of the block. `index` counts from 0. */
  readonly matches: readonly { readonly index: number; readonly id: Uint8Array }[]
}

/**
 * Decodes the message. Nothing is proven by that: `partialMerkleMatches` gives the root to compare.
 * @throws {MerkleProofError} bytes are missing or left over, a count is too large or not in its shortest form; `node` is
 *   the number of hashes read until then.
 */
export function decodeMerkleBlock(bytes: Uint8Array): MerkleBlock {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const hashes: Uint8Array[] = []
  let at = 0
  const take = (length: number): number => {
    if (length > bytes.length - at) throw new MerkleProofError('the message ends early', hashes.length)
    at += length
    return at - length
  }
  /** CompactSize, of which three bytes are enough for any count allowed here. */
  const count = (): number => {
    const first = view.getUint8(take(1))
    if (first < 0xfd) return first
    const value = first === 0xfd ? view.getUint16(take(2), true) : 0
    if (value < 0xfd) throw new MerkleProofError('a count is too large or not in its shortest form', hashes.length)
    return value
  }
  const part = (length: number): Uint8Array => {
    const start = take(length)
    return new Uint8Array(bytes.subarray(start, start + length))
  }
  const header = part(80)
  const transactions = view.getUint32(take(4), true)
  for (let left = count(); left > 0; left--) hashes.push(part(32))
  const flags = part(count())
  if (at !== bytes.length) throw new MerkleProofError('bytes are left over behind the message', hashes.length)
  return { header, tree: { transactions, hashes, flags } }
}

/**
 * The root that a partial tree leads to, and the transactions it shows. Strict: every hash and every byte of flags is
 * used, padding is zero, a flag is set only above a match, and no node stands beside its copy (CVE-2012-2459). So for
 * given transactions of a block there is one tree. What `bitcoin-merkle.ts` says about transactions of 64 bytes holds.
 * @throws {MerkleProofError} `node` is the number of hashes used until then.
 */
export function partialMerkleMatches(tree: PartialMerkleTree, hashes: Hashes): PartialMerkleMatches {
  const { transactions, flags } = tree
  let [hashesUsed, bitsUsed] = [0, 0]
  const fail = (message: string): never => {
    throw new MerkleProofError(message, hashesUsed)
  }
  if (transactions === 0) fail('there are no transactions')
  if (transactions > MAX_TRANSACTIONS) fail('there are more transactions than a block can hold')
  if (tree.hashes.length > transactions) fail('there are more hashes than transactions')
  const matches: { index: number; id: Uint8Array }[] = []
  const widthAt = (height: number) => Math.ceil(transactions / 2 ** height)

  const root = nodeAt(Math.ceil(Math.log2(transactions)), 0)
  if (hashesUsed !== tree.hashes.length) fail('hashes are left over')
  if (flags.length !== Math.ceil(bitsUsed / 8)) fail('flags are left over')
  if (bitsUsed % 8 !== 0 && flags.at(-1)! >> (bitsUsed % 8) !== 0)
    fail('the flags are padded with other bits than zeros')
  return { root, matches }

  function nodeAt(height: number, position: number): Uint8Array {
    const isMarked = flag()
    if (height === 0 || !isMarked) {
      const hash = new Uint8Array(tree.hashes[hashesUsed] ?? fail('there are too few hashes'))
      if (hash.length !== 32) fail('a hash does not have 32 bytes')
      hashesUsed++
      if (isMarked) matches.push({ index: position, id: hash })
      return hash
    }
    const before = matches.length
    const left = nodeAt(height - 1, 2 * position)
    if (2 * position + 1 === widthAt(height - 1)) return parent(left, left, before)
    const right = nodeAt(height - 1, 2 * position + 1)
    if (bytesEqual(left, right)) fail('two equal nodes stand side by side')
    return parent(left, right, before)
  }

  function parent(left: Uint8Array, right: Uint8Array, before: number): Uint8Array {
    if (matches.length === before) fail('a flag promises a match that is not there')
    return bitcoinParent(left, right, hashes)
  }

  function flag(): boolean {
    const byte = flags[bitsUsed >> 3] ?? fail('there are too few flags')
    return (byte >> (bitsUsed++ & 7)) % 2 === 1
  }
}
