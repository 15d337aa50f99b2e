/**
 * Why a trie proof is refused, by the code the WASM walk returns (`assembly/hashes/trie.ts`); 0 is a value and 1 a
 * proven absence. Both engines name faults from this list, and the tests hold them to the same answer. Those from
 * `there are more nodes` on are found before the walk.
 * @module
 */
export const trieFaults = [
  'the key has a value',
  'the key is absent',
  'no nodes for a trie that is not empty',
  'the proof ends before the path does',
  'a node does not have the expected hash',
  'a node is given that the path does not use',
  'a node is not one RLP list',
  'RLP ends early',
  'an RLP length is not canonical',
  'an RLP byte is not canonical',
  'a node has neither 2 nor 17 items',
  'a path is malformed',
  'an extension has an empty path',
  'a child is neither a hash nor an embedded node',
  'a value is a list',
  'a leaf has an empty value',
  'a node shorter than 32 bytes is referred to by its hash instead of standing in its parent',
  'there are more nodes than the key has nibbles',
  'the nodes have more than 16 MiB together',
  'a node is given twice',
  'there are more than 65,536 nodes',
] as const

export type TrieFault = (typeof trieFaults)[number]

/** Most bytes of nodes one proof may have: the largest leaf of a full block's transactions is well below it. */
export const MAX_TRIE_PROOF_BYTES = 16 * 1024 * 1024

/** Most nodes of a pool. */
export const MAX_TRIE_NODES = 65_536
