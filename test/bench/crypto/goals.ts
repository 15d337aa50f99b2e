/**
 * What the crypto core is to reach: the rows of the benchmark with the ratio they must have at least and the one they
 * aim at. The names are those of the contests; a contest without a line here is for information.
 * @module
 */

export interface Goal {
  readonly name: string
  readonly peerName: string
  /** Peer time / our time. */
  readonly atLeast: number
  readonly aim?: number
}

const HERUMI = 'bls-eth-wasm'
const MCL = 'mcl-wasm'
const NOBLE = 'noble'
const LIBAUTH = 'libauth'

export const goals: readonly Goal[] = [
  { name: 'BLS verify, key known', peerName: HERUMI, atLeast: 2.5, aim: 3 },
  { name: 'BLS verify, key known', peerName: NOBLE, atLeast: 10 },
  { name: 'BLS two-pairing check', peerName: MCL, atLeast: 2.8, aim: 3.5 },
  { name: 'BLS hash to G2', peerName: 'mcl-wasm, its own map', atLeast: 1.4, aim: 2 },
  { name: 'BLS FastAggregateVerify, 512 parsed keys', peerName: HERUMI, atLeast: 2.5, aim: 3 },
  { name: 'BLS committee aggregate, 5 % absent, parsed keys', peerName: HERUMI, atLeast: 30, aim: 50 },
  { name: 'BLS batch of 60 updates, per update', peerName: 'bls-eth-wasm, one by one', atLeast: 4, aim: 5 },
  { name: 'BLS G1 decompress and subgroup check', peerName: HERUMI, atLeast: 3, aim: 4 },
  { name: 'secp256k1 verify', peerName: LIBAUTH, atLeast: 1.8, aim: 2.3 },
  { name: 'secp256k1 recover', peerName: LIBAUTH, atLeast: 1.6, aim: 2 },
  { name: 'secp256k1 sign, constant time', peerName: LIBAUTH, atLeast: 1.2, aim: 1.5 },
  { name: 'secp256k1 sign, verified after', peerName: LIBAUTH, atLeast: 0.6, aim: 0.75 },
  { name: 'ed25519 verify', peerName: NOBLE, atLeast: 8, aim: 15 },
  { name: 'ed25519 batch of 100, per signature', peerName: 'noble, one by one', atLeast: 14, aim: 25 },
  { name: 'keccak256, 64 B', peerName: 'hash-wasm', atLeast: 1.5, aim: 1.7 },
  { name: 'keccak256, pairs of trie nodes, per node', peerName: 'hash-wasm', atLeast: 2, aim: 2.3 },
  { name: 'sha256, many 64-byte nodes, per node', peerName: 'as-sha256', atLeast: 4, aim: 5 },
  { name: 'sha256, 1 MiB', peerName: 'hash-wasm', atLeast: 1 },
  { name: 'Merkle-Patricia account proof', peerName: '@ethereumjs/mpt', atLeast: 10, aim: 25 },
]

export function goalOf(name: string, peerName: string | null): Goal | undefined {
  return goals.find((goal) => goal.name === name && goal.peerName === peerName)
}

/** Compiling and starting what a verifier needs, in the browser. */
export const INSTANTIATION = { name: 'instantiation of the verifier set', atMostMilliseconds: 5 }
