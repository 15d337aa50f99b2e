import { InvalidArgument, MerkleProofError } from './errors.ts'
import { MAX_TRIE_PROOF_BYTES, type TrieFault } from './trie-faults.ts'

/** The argument checks of the `Merkle` slot, the same for both engines. */

export function checkBranchArguments(leaf: Uint8Array, branch: readonly Uint8Array[], index: number): void {
  if (leaf.length !== 32) throw new InvalidArgument('leaf', `expected 32 bytes, got ${leaf.length}`)
  if (branch.length > 52) throw new InvalidArgument('branch', `expected at most 52 nodes, got ${branch.length}`)
  for (const [i, sibling] of branch.entries())
    if (sibling.length !== 32) throw new InvalidArgument(`branch[${i}]`, `expected 32 bytes, got ${sibling.length}`)
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** branch.length)
    throw new InvalidArgument('index', `expected 0..2^${branch.length}-1, got ${index}`)
}

/** @returns the number of bytes all nodes have together. */
export function checkTrieArguments(root: Uint8Array, key: Uint8Array, proof: readonly Uint8Array[]): number {
  if (root.length !== 32) throw new InvalidArgument('root', `expected 32 bytes, got ${root.length}`)
  if (key.length === 0 || key.length > 64) throw new InvalidArgument('key', `expected 1..64 bytes, got ${key.length}`)
  if (proof.length > 2 * key.length + 1) throw tooMuch('there are more nodes than the key has nibbles', proof)
  const bytes = proof.reduce((sum, node) => sum + node.length, 0)
  if (bytes > MAX_TRIE_PROOF_BYTES) throw tooMuch('the nodes have more than 16 MiB together', proof)
  return bytes
}

/** A proof comes from the network, so its size is the peer's fault and not the caller's. */
function tooMuch(fault: TrieFault, proof: readonly Uint8Array[]): MerkleProofError {
  return new MerkleProofError(fault, proof.length - 1)
}
