import { checkBytes, checkList, checkListOfBytes } from './bytes-argument.ts'
import { InvalidArgument, MerkleProofError } from './errors.ts'
import { MAX_TRIE_NODES, MAX_TRIE_PROOF_BYTES, type TrieFault } from './trie-faults.ts'

/** The argument checks of the `Merkle` slot, the same for both engines. */

export function checkBranchArguments(leaf: Uint8Array, branch: readonly Uint8Array[], index: number): void {
  checkBytes('leaf', leaf)
  checkListOfBytes('branch', branch)
  if (leaf.length !== 32) throw new InvalidArgument('leaf', `expected 32 bytes, got ${leaf.length}`)
  if (branch.length > 52) throw new InvalidArgument('branch', `expected at most 52 nodes, got ${branch.length}`)
  for (const [i, sibling] of branch.entries())
    if (sibling.length !== 32) throw new InvalidArgument(`branch[${i}]`, `expected 32 bytes, got ${sibling.length}`)
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** branch.length)
    throw new InvalidArgument('index', `expected 0..2^${branch.length}-1, got ${index}`)
}

/** @returns the depth of the tree. */
export function checkChunkArguments(chunks: Uint8Array, limit: number): number {
  checkBytes('chunks', chunks)
  if (chunks.length % 32 !== 0)
    throw new InvalidArgument('chunks', `expected a multiple of 32 bytes, got ${chunks.length}`)
  if (!Number.isSafeInteger(limit) || limit < chunks.length / 32)
    throw new InvalidArgument('limit', `expected ${chunks.length / 32}..2^53-1, got ${limit}`)
  let depth = 0
  while (2 ** depth < limit) depth++
  return depth
}

export function checkTrieArguments(root: Uint8Array, key: Uint8Array, proof: readonly Uint8Array[]): void {
  checkRoot(root)
  checkKey('key', key)
  checkList('proof', proof)
  if (proof.length > 2 * key.length + 1) throw tooMuch('there are more nodes than the key has nibbles', proof)
  checkNodes('proof', proof)
}

export function checkPoolArguments(root: Uint8Array, keys: readonly Uint8Array[], nodes: readonly Uint8Array[]): void {
  checkRoot(root)
  checkList('keys', keys)
  checkList('nodes', nodes)
  for (const [i, key] of keys.entries()) checkKey(`keys[${i}]`, key)
  if (nodes.length > MAX_TRIE_NODES) throw tooMuch('there are more than 65,536 nodes', nodes)
  if (nodes.length > keys.reduce((sum, key) => sum + 2 * key.length + 1, 0))
    throw tooMuch('there are more nodes than the key has nibbles', nodes)
  checkNodes('nodes', nodes)
}

function checkRoot(root: Uint8Array): void {
  checkBytes('root', root)
  if (root.length !== 32) throw new InvalidArgument('root', `expected 32 bytes, got ${root.length}`)
}

function checkKey(argument: string, key: Uint8Array): void {
  checkBytes(argument, key)
  if (key.length === 0 || key.length > 64)
    throw new InvalidArgument(argument, `expected 1..64 bytes, got ${key.length}`)
}

function checkNodes(argument: string, nodes: readonly Uint8Array[]): void {
  checkListOfBytes(argument, nodes)
  const bytes = nodes.reduce((sum, node) => sum + node.length, 0)
  if (bytes > MAX_TRIE_PROOF_BYTES) throw tooMuch('the nodes have more than 16 MiB together', nodes)
}

/** A proof comes from the network, so its size is the peer's fault and not the caller's. */
function tooMuch(fault: TrieFault, proof: readonly Uint8Array[]): MerkleProofError {
  return new MerkleProofError(fault, proof.length - 1)
}
