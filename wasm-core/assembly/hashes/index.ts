/** Hashes and Merkle proofs. The host writes into the windows, calls, and reads out; nothing here allocates. */
export { keccak256, keccakBlocks, keccakEnd, keccakMany, keccakStart } from './keccak'
export { sha256, sha256Blocks, sha256dPairs, sha256End, sha256Pairs, sha256Start } from './sha256'
export { sszBranchRoot, sszRoot } from './ssz'
export { poolEnd, poolStart, poolWalk, trieWalk } from './trie'
export { INPUT, KEY, OUTPUT, RESULT, ROOT, staticEnd } from './windows'
